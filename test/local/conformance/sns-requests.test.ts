import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { conformance } from './checks.ts';
import { raw, subscriberOf, topicOf } from './sns-topic.ts';

conformance('SNS', (check) => {
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
