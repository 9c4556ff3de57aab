import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { conformance } from './checks.ts';
import type { Target } from './target.ts';

type Attributes = Readonly<Record<string, string>>;

const topicOf = async ({ sns, name, afterwards }: Target, Attributes: Attributes = {}) => {
  const Name = name(Attributes.FifoTopic ? '.fifo' : '');
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  afterwards(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  const publish = (Message: string, more: Partial<PublishCommandInput> = {}) =>
    sns.send(new PublishCommand({ TopicArn, Message, ...more }));
  return { Name, TopicArn, publish };
};

/** A queue that the topic may send to, subscribed to it. */
const subscriberOf = async (
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

const raw = { RawMessageDelivery: 'true' };
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

conformance('SNS', (check) => {
  check(
    'SNS Developer Guide, "Amazon SNS message and JSON formats"',
    'a queue gets the notification as JSON, signed',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const { receive } = await subscriberOf(target, TopicArn);

      const { MessageId } = await publish('news', {
        Subject: 'today',
        MessageAttributes: { kind: text('daily') },
      });
      const [message] = await receive();

      expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
        Type: 'Notification',
        MessageId,
        TopicArn,
        Subject: 'today',
        Message: 'news',
        SignatureVersion: '1',
        Signature: expect.any(String),
        MessageAttributes: { kind: { Type: 'String', Value: 'daily' } },
      });
    },
  );

  check(
    'SNS Developer Guide, "Amazon SNS raw message delivery"',
    'raw delivery hands over the message itself, with its attributes',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const { receive } = await subscriberOf(target, TopicArn, raw);

      await publish('news', { MessageAttributes: { kind: text('daily') } });

      expect(await receive()).toMatchObject([{ Body: 'news', MessageAttributes: { kind: text('daily') } }]);
    },
  );

  check(
    'SNS Developer Guide, "Amazon SNS subscription filter policies"',
    'only what the filter policy accepts is delivered',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const FilterPolicy = JSON.stringify({
        kind: ['daily', { prefix: 'week' }],
        size: [{ numeric: ['>', 1, '<=', 5] }],
      });
      const { receive } = await subscriberOf(target, TopicArn, { ...raw, FilterPolicy });
      const send = (message: string, kind: string, size: string) =>
        publish(message, {
          MessageAttributes: { kind: text(kind), size: { DataType: 'Number', StringValue: size } },
        });

      await send('wrong kind', 'monthly', '2');
      await send('too small', 'daily', '1');
      await publish('no attributes');
      await send('right', 'weekly', '5');

      expect((await receive()).map(({ Body }) => Body)).toEqual(['right']);
    },
  );

  check(
    'SNS Developer Guide, "Payload-based message filtering"',
    'a filter of scope MessageBody reads nested keys and lists of the body',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const FilterPolicy = JSON.stringify({
        job: { status: ['failed'] },
        tags: [{ 'anything-but': ['test'] }],
      });
      const attributes = { ...raw, FilterPolicy, FilterPolicyScope: 'MessageBody' };
      const { receive } = await subscriberOf(target, TopicArn, attributes);

      await publish(JSON.stringify({ job: { status: 'succeeded' }, tags: ['a'] }));
      await publish('not JSON');
      await publish(JSON.stringify({ job: { status: 'failed' }, tags: ['a', 'b'] }));

      expect(await receive()).toHaveLength(1);
    },
  );

  check(
    'SNS Developer Guide, "Filter policy constraints"; recorded on AWS, 27-05-2024',
    'a filter policy with more than five keys or 150 combinations is refused',
    async (target) => {
      const { TopicArn } = await topicOf(target);
      const { SubscriptionArn } = await subscriberOf(target, TopicArn);
      const set = (policy: object) =>
        target.sns.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn,
            AttributeName: 'FilterPolicy',
            AttributeValue: JSON.stringify(policy),
          }),
        );
      const six = Object.fromEntries([...'abcdef'].map((key) => [key, ['value']]));
      const many = { key: Array.from({ length: 151 }, (_, index) => `value${index}`) };

      await expect(set(six)).rejects.toMatchObject({ name: 'InvalidParameterException' });
      await expect(set(many)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  );

  check(
    'SNS Developer Guide, "Amazon SNS dead-letter queues"',
    'what cannot be delivered goes to the dead-letter queue of its subscription',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const deadLetters = await subscriberOf(target, TopicArn, { FilterPolicy: '{"none":["none"]}' });
      const { sns } = target;
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.Endpoint });
      const Endpoint = `${deadLetters.Endpoint}-gone`;
      await sns.send(
        new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { ...raw, RedrivePolicy } }),
      );

      await publish('undeliverable');

      expect(await deadLetters.receive(10)).toMatchObject([{ Body: 'undeliverable' }]);
    },
  );

  check(
    'SNS Developer Guide, "Amazon SNS message deduplication for FIFO topics"',
    'a FIFO topic keeps the order of a group and takes a message once',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target, {
        FifoTopic: 'true',
        ContentBasedDeduplication: 'true',
      });
      const { receive } = await subscriberOf(target, TopicArn, raw, { FifoQueue: 'true' });
      for (const message of ['1', '2', '2', '3']) await publish(message, { MessageGroupId: 'group' });

      const received: (string | undefined)[] = [];
      for (let turn = 0; turn < 4 && received.length < 3; turn += 1)
        received.push(...(await receive(2)).map(({ Body }) => Body));

      expect(received).toEqual(['1', '2', '3']);
    },
  );

  check(
    'SNS API, "Publish"; recorded on AWS, 24-08-2023',
    'what is no message, no topic or too large is refused',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);

      await expect(publish('')).rejects.toMatchObject({ message: 'Invalid parameter: Empty message' });
      await expect(publish('a', { Subject: '' })).rejects.toMatchObject({
        message: 'Invalid parameter: Subject',
      });
      await expect(publish('a'.repeat(262_145))).rejects.toMatchObject({
        message: 'Invalid parameter: Message too long',
      });
      await expect(publish('a', { TopicArn: `${TopicArn}-gone` })).rejects.toMatchObject({
        name: 'NotFoundException',
      });
    },
  );

  check(
    'recorded on AWS, 24-08-2023',
    'the type of a message attribute may have a label, and must not end with its dot',
    async (target) => {
      const { publish } = await topicOf(target);
      const typed = (DataType: string) =>
        publish('a', { MessageAttributes: { kind: { DataType, StringValue: 'value' } } });

      await expect(typed('String.label')).resolves.toMatchObject({ MessageId: expect.any(String) });
      await expect(typed('String.')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
      await expect(typed('Stringlabel')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    },
  );

  check(
    'SNS API, "PublishBatch"; recorded on AWS, 24-08-2023',
    'a batch that breaks a rule is refused as a whole',
    async (target) => {
      const { TopicArn } = await topicOf(target);
      const send = (ids: readonly string[]) =>
        target.sns.send(
          new PublishBatchCommand({
            TopicArn,
            PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message: 'message' })),
          }),
        );

      await expect(send([...'abcdefghijk'])).rejects.toMatchObject({
        name: 'TooManyEntriesInBatchRequestException',
      });
      await expect(send(['a', 'a'])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinctException' });
      await expect(send(['a.b'])).rejects.toMatchObject({ name: 'InvalidBatchEntryIdException' });
      await expect(send(['a', 'b'])).resolves.toMatchObject({
        Successful: [{ Id: 'a' }, { Id: 'b' }],
        Failed: [],
      });
    },
  );

  check(
    'recorded on AWS, 24-08-2023',
    'a message for each protocol is read before its group is asked for',
    async (target) => {
      const { publish } = await topicOf(target, { FifoTopic: 'true' });

      const published = publish(JSON.stringify({ sqs: 'text' }), { MessageStructure: 'json' });

      await expect(published).rejects.toMatchObject({
        message: 'Invalid parameter: Message Structure - No default entry in JSON message body',
      });
    },
  );

  check(
    'SNS API, "CreateTopic"; recorded on AWS, 24-08-2023',
    'a topic is created again with some of its tags, not with others',
    async (target) => {
      const { sns } = target;
      const Name = target.name();
      const [a, b] = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ];
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Tags: [a, b] }));
      target.afterwards(() => sns.send(new DeleteTopicCommand({ TopicArn })));

      await expect(sns.send(new CreateTopicCommand({ Name, Tags: [a] }))).resolves.toMatchObject({
        TopicArn,
      });
      await expect(
        sns.send(new CreateTopicCommand({ Name, Tags: [{ ...a, Value: '2' }] })),
      ).rejects.toMatchObject({
        message: 'Invalid parameter: Tags Reason: Topic already exists with different tags',
      });
      const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
      expect(Tags).toHaveLength(2);
    },
  );

  check(
    'SNS API, "Subscribe"; recorded on AWS, 24-08-2023',
    'subscribing again is the same subscription, as long as no attribute differs',
    async (target) => {
      const { TopicArn } = await topicOf(target);
      const { SubscriptionArn, subscribe } = await subscriberOf(target, TopicArn, {
        RawMessageDelivery: 'True',
      });

      await expect(subscribe({})).resolves.toMatchObject({ SubscriptionArn });
      await expect(subscribe({ ...raw, FilterPolicyScope: 'MessageAttributes' })).resolves.toMatchObject({
        SubscriptionArn,
      });
      await expect(subscribe({ RawMessageDelivery: 'false' })).rejects.toMatchObject({
        message:
          'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
      });
      const { Attributes } = await target.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      expect(Attributes).toMatchObject({ RawMessageDelivery: 'true', PendingConfirmation: 'false' });
    },
  );

  check(
    'SNS API, "Unsubscribe"; recorded on AWS, 24-08-2023',
    'ending a subscription twice is no error',
    async (target) => {
      const { TopicArn } = await topicOf(target);
      const { SubscriptionArn } = await subscriberOf(target, TopicArn);
      const unsubscribe = () => target.sns.send(new UnsubscribeCommand({ SubscriptionArn }));

      await unsubscribe();

      await expect(unsubscribe()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    },
  );

  check(
    'recorded on AWS, 24-08-2023',
    'a token that is none and a token of nobody are told apart',
    async (target) => {
      const { TopicArn } = await topicOf(target);
      const confirm = (Token: string) => target.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));

      await expect(confirm('randomtoken')).rejects.toMatchObject({ message: 'Invalid token' });
      await expect(confirm('ab'.repeat(144))).rejects.toMatchObject({ message: 'Invalid parameter: Token' });
    },
  );
});
