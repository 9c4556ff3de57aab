import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Confirmations, Continuations, WebhookQueue } from '../domain/newsletter-ports.ts';
import type { WebhookDue } from '../messages/newsletter-messages.ts';
import type { Channel } from '../messages/newsletter-requests.ts';
import { pauseBefore } from './backoff.ts';
import { messageOf } from './message-content.ts';
import { putEntries } from './put-entries.ts';
import { sqs } from './sqs-client.ts';

/** SQS API, "SendMessageBatch": the most entries of one call. */
const MOST_PER_CALL = 10;

/** Each channel has a queue of its own. */
export const sqsConfirmations = (queueUrls: Readonly<Record<Channel, string>>): Confirmations => ({
  async send(message) {
    const QueueUrl = queueUrls[message.data.channel];
    await sqs.send(new SendMessageCommand({ QueueUrl, ...messageOf(message) }));
  },
});

export const sqsContinuations = (queueUrl: string): Continuations => ({
  async send(message) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, ...messageOf(message) }));
  },
});

export const sqsWebhookQueue = (queueUrl: string): WebhookQueue => ({
  async send(messages) {
    const failed = await putEntries(messages, {
      keyOf: ({ id }) => id,
      put: (entries) => sendBatch(queueUrl, entries),
      limit: MOST_PER_CALL,
      attempts: 5,
      pause: pauseBefore,
    });
    const [first] = failed;
    if (first) throw new Error(`${failed.length} of ${messages.length} were not sent: ${first.reason}`);
  },
});

const sendBatch = async (
  queueUrl: string,
  messages: readonly WebhookDue[],
): Promise<(string | undefined)[]> => {
  const Entries = messages.map((message, index) => ({ Id: String(index), ...messageOf(message) }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  const reasons = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message}`]));
  return Entries.map(({ Id }) => reasons.get(Id));
};
