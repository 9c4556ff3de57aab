import { ChangeMessageVisibilityCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { App } from './app.ts';

/**
 * Receives the messages of a queue that `mine` knows by their body, until there are `count` of them, and then for as long
 * as more come. They stay in flight; messages of others are given back at once.
 */
export const hold = async (
  app: App,
  queueUrl: string,
  mine: (body: string) => boolean,
  count: number,
  { timeoutMs = 30_000 } = {},
): Promise<Message[]> => {
  const held = new Map<string, Message>();
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { Messages = [] } = await app.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: held.size < count ? 1 : 0,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    const ours = Messages.filter(({ Body = '' }) => mine(Body));
    for (const message of ours) held.set(message.MessageId ?? '', message);
    await release(
      app,
      queueUrl,
      Messages.filter((message) => !ours.includes(message)),
    );
    if ((held.size >= count && ours.length === 0) || Date.now() > deadline) return [...held.values()];
  }
};

/** Gives messages back to their queue, for anybody to receive. */
export const release = async (app: App, queueUrl: string, messages: readonly Message[]): Promise<void> => {
  await Promise.all(
    messages.map(({ ReceiptHandle }) =>
      app.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      ),
    ),
  );
};
