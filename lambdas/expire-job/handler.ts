import type { SQSHandler } from 'aws-lambda';

export const handler: SQSHandler = async ({ Records }) => ({
  batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});
