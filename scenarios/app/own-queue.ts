import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { App } from './app.ts';
import { arnOf } from './queue-attributes.ts';

export interface OwnQueue {
  readonly url: string;
  readonly deadLettersUrl: string;
}

/** The most that SQS takes, gives or deletes in one request. */
export const BATCH = 10;

/** Gives `use` a queue with dead letters that nobody else sends to or receives from, and deletes both afterwards. */
export const withOwnQueue = async (app: App, use: (queue: OwnQueue) => Promise<void>): Promise<void> => {
  const name = `scenario-${randomUUID()}`;
  const created: string[] = [];
  const create = async (QueueName: string, Attributes: Record<string, string>): Promise<string> => {
    const { QueueUrl = '' } = await app.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    created.push(QueueUrl);
    return QueueUrl;
  };
  try {
    const deadLettersUrl = await create(`${name}-dead`, {});
    const deadLetterTargetArn = await arnOf(app.sqs, deadLettersUrl);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 });
    await use({ url: await create(name, { RedrivePolicy, VisibilityTimeout: '60' }), deadLettersUrl });
  } finally {
    for (const QueueUrl of created.toReversed()) await app.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
};

/** Sends the texts, ten in a request. @returns the ids of their messages. @throws Error when one was refused */
export const sendAll = async (app: App, queueUrl: string, texts: readonly string[]): Promise<string[]> => {
  const ids: string[] = [];
  for (let start = 0; start < texts.length; start += BATCH) {
    const Entries = texts
      .slice(start, start + BATCH)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Successful = [], Failed = [] } = await app.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    const [refused] = Failed;
    if (refused) throw new Error(`the queue refused a message: ${refused.Code} ${refused.Message}`);
    ids.push(...Successful.map(({ MessageId = '' }) => MessageId));
  }
  return ids;
};

/** Up to ten messages, waited for up to a second. */
export const receiveSome = async (app: App, queueUrl: string): Promise<Message[]> => {
  const { Messages = [] } = await app.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1 }),
  );
  return Messages;
};

/** Deletes what was handled. @returns the ids of those that are acknowledged by it */
export const acknowledge = async (
  app: App,
  queueUrl: string,
  messages: readonly Message[],
): Promise<string[]> => {
  if (messages.length === 0) return [];
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful = [] } = await app.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
  );
  return Successful.flatMap(({ Id }) => messages[Number(Id)]?.MessageId ?? []);
};
