import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';

/** @throws Error when the queue does not tell it */
const attributeOf = async (sqs: SQSClient, QueueUrl: string, name: QueueAttributeName): Promise<string> => {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
  const value = Attributes?.[name];
  if (value === undefined) throw new Error(`The queue ${QueueUrl} does not tell its ${name}`);
  return value;
};

export const arnOf = (sqs: SQSClient, queueUrl: string): Promise<string> =>
  attributeOf(sqs, queueUrl, 'QueueArn');

/** After so many ms a message that failed is handed out again. */
export const visibilityMsOf = async (sqs: SQSClient, queueUrl: string): Promise<number> =>
  1000 * Number(await attributeOf(sqs, queueUrl, 'VisibilityTimeout'));
