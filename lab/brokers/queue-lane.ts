import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Lane, LaneOptions, Producer } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import { toText } from '../formats/index.ts';
import { idOf, type LabMessage } from '../message.ts';
import { clientConfig } from '../targets/client-config.ts';
import { answerOf } from './answer.ts';

/** Short, so that what a dead consumer held comes back within a run. In seconds. */
export const VISIBILITY_SECONDS = 3;

/** What is particular to a kind of queue. */
export type Extras = (message: LabMessage, deduplicationId: string) => Partial<SendMessageCommandInput>;

/** One queue, whose consumers share what is in it whatever their group. */
export const queueLane = (
  { run, format }: LaneOptions,
  queueUrl: string,
  endpoint: string | undefined,
  extras: Extras,
): Lane => {
  const sqs = new SQSClient(clientConfig(endpoint));
  const producer = async (): Promise<Producer> => ({
    send: (message, { deduplicationId = `${run}/${idOf(message)}` } = {}) =>
      answerOf(() =>
        sqs.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: toText(format, format.encode(message)),
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
        { ...options, run, format: format.name },
        { onReceived },
      ),
    answers: () => queueAnswers(sqs, queueUrl),
    close: async () => sqs.destroy(),
  };
};

/** @throws the SDK's error when it is not there */
export const queueAnswers = async (sqs: SQSClient, QueueUrl: string): Promise<void> => {
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
};
