import { type SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue that is subscribed to a topic after messages went through it. Whatever fails, no queue is left behind. */
export const lateSubscription = async (
  sns: SNSClient,
  sqs: SQSClient,
  topicArn: string,
  name: string,
): Promise<{ queueUrl: string; remove(): Promise<void> }> => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  if (QueueUrl === undefined) throw new Error(`The queue ${name} has no URL`);
  try {
    const SubscriptionArn = await subscribed(sns, sqs, topicArn, QueueUrl);
    return {
      queueUrl: QueueUrl,
      remove: async () => {
        try {
          await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        } finally {
          await sqs.send(new DeleteQueueCommand({ QueueUrl }));
        }
      },
    };
  } catch (error) {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    throw error;
  }
};

/** Lets the topic send to the queue, and subscribes it. */
const subscribed = async (
  sns: SNSClient,
  sqs: SQSClient,
  topicArn: string,
  QueueUrl: string,
): Promise<string | undefined> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const queueArn = Attributes?.QueueArn ?? '';
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    }),
  );
  return SubscriptionArn;
};
