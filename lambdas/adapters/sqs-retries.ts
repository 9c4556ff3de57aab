import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Retries } from '../domain/push-ports.ts';
import { sqs } from './sqs-client.ts';

/** "Amazon SQS visibility timeout": up to 12 hours from when the message was received. */
export const sqsRetries = (queueUrl: string): Retries => ({
  async hide(ReceiptHandle, VisibilityTimeout) {
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout }),
    );
  },
});
