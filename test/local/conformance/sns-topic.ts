import {
  CreateTopicCommand,
  DeleteTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Target } from './target.ts';

type Attributes = Readonly<Record<string, string>>;

export const topicOf = async ({ sns, name, afterwards }: Target, Attributes: Attributes = {}) => {
  const Name = name(Attributes.FifoTopic ? '.fifo' : '');
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  afterwards(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  const publish = (Message: string, more: Partial<PublishCommandInput> = {}) =>
    sns.send(new PublishCommand({ TopicArn, Message, ...more }));
  return { Name, TopicArn, publish };
};

/** A queue that the topic may send to, subscribed to it. */
export const subscriberOf = async (
  { sqs, sns, name, afterwards }: Target,
  TopicArn: string | undefined,
  attributes: Attributes = {},
  queueAttributes: Attributes = {},
) => {
  const QueueName = name(queueAttributes.FifoQueue ? '.fifo' : '');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: queueAttributes }));
  afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const described = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Endpoint = described.Attributes?.QueueArn;
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const subscribe = (Attributes: Attributes) =>
    sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true }),
    );
  const { SubscriptionArn } = await subscribe(attributes);
  const receive = async (WaitTimeSeconds = 3) => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages;
  };
  return { Endpoint, SubscriptionArn, subscribe, receive };
};

export const raw = { RawMessageDelivery: 'true' };
export const text = (StringValue: string) => ({ DataType: 'String', StringValue });
