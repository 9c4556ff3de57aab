import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Lane, Producer } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import { idOf, type LabMessage } from '../message.ts';
import { clientConfig } from '../targets/client-config.ts';
import { outcomeOf } from './outcome.ts';

/** Short, so that what a dead consumer held comes back within a run. In seconds. */
export const VISIBILITY_SECONDS = 3;

/** What is particular to a kind of queue. */
export type Extras = (message: LabMessage, deduplicationId: string) => Partial<SendMessageCommandInput>;

/** One queue, whose consumers share what is in it whatever their group. */
export const queueLane = (
  run: string,
  queueUrl: string,
  endpoint: string | undefined,
  extras: Extras,
): Lane => {
  const sqs = new SQSClient(clientConfig(endpoint));
  const producer = async (): Promise<Producer> => ({
    send: (message, { deduplicationId = `${run}/${idOf(message)}` } = {}) =>
      outcomeOf(() =>
        sqs.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: JSON.stringify(message),
            ...extras(message, deduplicationId),
          }),
        ),
      ),
    close: async () => undefined,
  });
  return {
    producer,
    consumer: (options, onReceived) =>
      startConsumer(
        { kind: 'queue', queueUrl, visibilitySeconds: VISIBILITY_SECONDS, ...(endpoint && { endpoint }) },
        options,
        { onReceived, run },
      ),
    backlog: () => depthOf(sqs, queueUrl),
    close: async () => sqs.destroy(),
  };
};

export const depthOf = async (sqs: SQSClient, queueUrl: string): Promise<number> => {
  const { Attributes: depth = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(depth.ApproximateNumberOfMessages) + Number(depth.ApproximateNumberOfMessagesNotVisible);
};
