import { SetSubscriptionAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { conformance } from './checks.ts';
import { raw, subscriberOf, text, topicOf } from './sns-topic.ts';

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
    'SNS Developer Guide, "Key matching"',
    'exists false takes what lacks the attribute, but nothing without any attribute',
    async (target) => {
      const { TopicArn, publish } = await topicOf(target);
      const FilterPolicy = JSON.stringify({ store: [{ exists: false }] });
      const { receive } = await subscriberOf(target, TopicArn, { ...raw, FilterPolicy });

      await publish('has it', { MessageAttributes: { store: text('fans') } });
      await publish('has none');
      await publish('has another', { MessageAttributes: { kind: text('daily') } });

      expect((await receive()).map(({ Body }) => Body)).toEqual(['has another']);
    },
  );

  check(
    'SNS API, "Publish", MessageGroupId',
    'a group id that no queue would take is refused',
    async (target) => {
      const { publish } = await topicOf(target, { FifoTopic: 'true', ContentBasedDeduplication: 'true' });

      await expect(publish('x', { MessageGroupId: 'two words' })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
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
});
