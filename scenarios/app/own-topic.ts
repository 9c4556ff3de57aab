import { randomUUID } from 'node:crypto';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { App } from './app.ts';
import { letTopicIn } from './let-topic-in.ts';
import { arnOf } from './queue-attributes.ts';

export interface Subscriber {
  readonly queueUrl: string;
  /** Takes messages until there are `expected`, and then for another second what should not be there. */
  receive(expected: number): Promise<string[]>;
}

export interface OwnTopic {
  publish(text: string): Promise<void>;
  /** Subscribes a new queue. */
  subscribe(): Promise<Subscriber>;
}

const PATIENCE_MS = 60_000;

/** Gives `use` a topic of its own, and deletes it and the queues that were subscribed. */
export const withOwnTopic = async (app: App, use: (topic: OwnTopic) => Promise<void>): Promise<void> => {
  const { TopicArn = '' } = await app.sns.send(new CreateTopicCommand({ Name: `scenario-${randomUUID()}` }));
  const queues: string[] = [];
  try {
    await use({
      publish: async (text) => {
        await app.sns.send(new PublishCommand({ TopicArn, Message: text }));
      },
      subscribe: async () => {
        const { QueueUrl = '' } = await app.sqs.send(
          new CreateQueueCommand({ QueueName: `scenario-${randomUUID()}` }),
        );
        queues.push(QueueUrl);
        await subscribeQueue(app, TopicArn, QueueUrl);
        return { queueUrl: QueueUrl, receive: (expected) => receive(app, QueueUrl, expected) };
      },
    });
  } finally {
    await app.sns.send(new DeleteTopicCommand({ TopicArn }));
    for (const QueueUrl of queues) await app.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
};

const subscribeQueue = async (app: App, TopicArn: string, QueueUrl: string): Promise<void> => {
  const Endpoint = await arnOf(app.sqs, QueueUrl);
  await letTopicIn(app, TopicArn, { url: QueueUrl, arn: Endpoint });
  await app.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
};

const receive = async (app: App, QueueUrl: string, expected: number): Promise<string[]> => {
  const received: string[] = [];
  const deadline = Date.now() + PATIENCE_MS;
  for (let last = false; !last; ) {
    last = received.length >= expected || Date.now() > deadline;
    const { Messages = [] } = await app.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      received.push(Body);
      await app.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  return received;
};
