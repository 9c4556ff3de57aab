import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
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
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
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
