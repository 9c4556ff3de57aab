import { randomUUID } from 'node:crypto';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { App } from './app.ts';
import { letTopicIn } from './let-topic-in.ts';
import { arnOf } from './queue-attributes.ts';

/** A subscriber that cannot be reached, and the queue in which its copies wait. */
export interface DeadSubscriber {
  /** The bodies of the copies that have come so far. */
  waiting(): Promise<string[]>;
}

/**
 * Subscribes a queue that lets nobody in to one topic of the newsletters, with dead letters of its own, while `use` runs.
 * SNS does not retry what a queue refuses: it is a dead letter at once ("Amazon SNS dead-letter queues": client-side errors).
 */
export const withDeadSubscriber = async (
  app: App,
  topicArn: string,
  topic: string,
  use: (subscriber: DeadSubscriber) => Promise<void>,
): Promise<void> => {
  const queues: string[] = [];
  const create = async (name: string): Promise<string> => {
    const { QueueUrl = '' } = await app.sqs.send(
      new CreateQueueCommand({ QueueName: `scenario-${name}-${randomUUID()}` }),
    );
    queues.push(QueueUrl);
    return QueueUrl;
  };
  let subscriptionArn: string | undefined;
  try {
    const [closed, deadLetters] = [await create('closed'), await create('dead')];
    const [closedArn, deadLettersArn] = [await arnOf(app.sqs, closed), await arnOf(app.sqs, deadLetters)];
    await letTopicIn(app, topicArn, { url: deadLetters, arn: deadLettersArn });
    const { SubscriptionArn } = await app.sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: closedArn,
        ReturnSubscriptionArn: true,
        Attributes: {
          RawMessageDelivery: 'true',
          FilterPolicy: JSON.stringify({ topic: [topic] }),
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLettersArn }),
        },
      }),
    );
    subscriptionArn = SubscriptionArn;
    const seen = new Map<string, string>();
    await use({ waiting: () => look(app, deadLetters, seen) });
  } finally {
    if (subscriptionArn) await app.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscriptionArn }));
    for (const QueueUrl of queues) await app.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
};

/** Nothing is deleted: each copy is remembered by its id. */
const look = async (app: App, QueueUrl: string, seen: Map<string, string>): Promise<string[]> => {
  const { Messages = [] } = await app.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
  );
  for (const { MessageId = '', Body = '' } of Messages) seen.set(MessageId, Body);
  return [...seen.values()];
};
