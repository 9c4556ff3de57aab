import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { App } from './app.ts';
import { hold } from './hold.ts';
import { visibilityMsOf } from './queue-attributes.ts';

/** A message in the queue of edits that its consumer cannot read. */
export interface Poison {
  readonly body: string;
}

/** Sends such a message past the API, straight into the group of an image. */
export const poisonGroup = async (app: App, imageId: string): Promise<Poison> => {
  const body = `no edit of ${imageId}: ${randomUUID()}`;
  await app.sqs.send(
    new SendMessageCommand({
      QueueUrl: app.output('EditsQueueUrl'),
      MessageBody: body,
      MessageGroupId: imageId,
      MessageDeduplicationId: randomUUID(),
    }),
  );
  return { body };
};

/** Waits until the message has become a dead letter, and takes it away. */
export const takePoison = async (app: App, { body }: Poison): Promise<{ body: string; receives: number }> => {
  const QueueUrl = app.output('EditsDeadLettersUrl');
  const visibilityMs = await visibilityMsOf(app.sqs, app.output('EditsQueueUrl'));
  for (let round = 0; round < 10; round += 1) {
    const [letter] = await hold(app, QueueUrl, (text) => text === body, 1, { timeoutMs: 1_000 });
    if (letter) {
      await app.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter.ReceiptHandle }));
      return {
        body: letter.Body ?? '',
        receives: Number(letter.Attributes?.ApproximateReceiveCount) - 1,
      };
    }
    await app.passTime(visibilityMs);
  }
  throw new Error('the poison has not become a dead letter');
};
