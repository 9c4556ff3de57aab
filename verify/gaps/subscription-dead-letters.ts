import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Gap } from '../gap.ts';

const name = 'gap-subscription-dead-letters';
const arnOf = (queueUrl: string) => `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`;

export const subscriptionDeadLetters: Gap = {
  scenarios: ['topic'],
  reason: "a subscription's RedrivePolicy is ignored: a copy that cannot be delivered is gone",
  reproduce: async ({ sns, sqs }) => {
    const queue = async (suffix: string): Promise<string> =>
      (await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${suffix}` }))).QueueUrl ?? '';
    const [gone, deadLetters] = await Promise.all([queue('gone'), queue('dead')]);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: arnOf(gone),
        Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(deadLetters) }) },
      }),
    );
    await sqs.send(new DeleteQueueCommand({ QueueUrl: gone }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'to nobody' }));
    await pause(3_000);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters, WaitTimeSeconds: 5 }),
    );
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl: deadLetters }));
    return Messages.length === 0
      ? 'published to a subscription whose queue was deleted: no dead letter after 8 seconds'
      : undefined;
  },
};
