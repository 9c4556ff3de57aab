import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { clientConfig } from '../targets/client-config.ts';
import type { Consuming, Source } from './protocol.ts';

type QueueSource = Extract<Source, { kind: 'queue' }>;

/** One after the other, each deleted when the work on it is done: as a consumer of a queue should. */
export const consumeQueue = async (
  { endpoint, queueUrl, visibilitySeconds }: QueueSource,
  { work, tell, begun, stopping }: Consuming,
): Promise<void> => {
  const sqs = new SQSClient(clientConfig(endpoint));
  tell({ kind: 'ready' });
  await begun;
  while (!stopping.aborted) {
    for (const message of await receive(sqs, queueUrl, visibilitySeconds, stopping)) {
      const received = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
      if ((await work(message.Body ?? '', received > 1)) === 'hold') return new Promise(() => undefined);
      await remove(sqs, queueUrl, message.ReceiptHandle);
    }
  }
};

/**
 * What took longer than its visibility timeout comes again. A FIFO queue refuses to delete it then (Amazon SQS API
 * Reference, "DeleteMessage"): that is a redelivery to be counted, and no failure of who reads.
 */
const remove = async (sqs: SQSClient, QueueUrl: string, ReceiptHandle: string | undefined): Promise<void> => {
  try {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  } catch (error) {
    if (!(error instanceof SQSServiceException && /receipt handle has expired/i.test(error.message)))
      throw error;
  }
};

const receive = async (
  sqs: SQSClient,
  QueueUrl: string,
  VisibilityTimeout: number,
  abortSignal: AbortSignal,
): Promise<readonly Message[]> => {
  try {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 10,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
      { abortSignal },
    );
    return Messages;
  } catch (error) {
    if (abortSignal.aborted) return [];
    throw error;
  }
};
