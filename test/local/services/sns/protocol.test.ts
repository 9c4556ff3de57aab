import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { AwsError } from '../../../../local/errors.ts';
import { eventually, functionArn, onTheWire, queueArn, settle, type Wire } from './harness.ts';

let wire: Wire;

const topic = async (name = 'Events', attributes: Record<string, string> = {}): Promise<string> => {
  const { TopicArn } = await wire.client.send(new CreateTopicCommand({ Name: name, Attributes: attributes }));
  return TopicArn ?? '';
};

const subscribed = async (
  TopicArn: string,
  queue = 'Inbox',
  Attributes: Record<string, string> = {},
): Promise<string> => {
  const { SubscriptionArn } = await wire.client.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(queue), Attributes }),
  );
  return SubscriptionArn ?? '';
};

beforeEach(async () => {
  wire = await onTheWire();
});

afterEach(() => wire.close());

test('a message published by the SDK reaches the subscribed queue with its subject and attributes', async () => {
  const TopicArn = await topic();
  await subscribed(TopicArn);

  const { MessageId } = await wire.client.send(
    new PublishCommand({
      TopicArn,
      Subject: 'Tee & "Käse" <1>',
      Message: 'line 1\r\nline 2 & <b>',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'a=b&c' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(2, 3, 4) },
      },
    }),
  );

  const body = await eventually(() => wire.around.bodies('Inbox')[0]);
  expect(JSON.parse(body)).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'Tee & "Käse" <1>',
    Message: 'line 1\r\nline 2 & <b>',
    MessageAttributes: { kind: { Type: 'String', Value: 'a=b&c' }, bytes: { Type: 'Binary', Value: 'AgME' } },
  });
});

test('a topic is made once, and made again only as it is', async () => {
  const first = await topic('Events', { DisplayName: 'A' });

  const again = await topic('Events');
  const differing = topic('Events', { DisplayName: 'B' });

  expect(again).toBe(first);
  await expect(differing).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
  });
});

test.each(['', 'x'.repeat(257), 'bad.name', 'a@b', 'fifo.fifo'])(
  'the topic name %p is refused',
  async (name) => {
    await expect(topic(name)).rejects.toMatchObject({ message: 'Invalid parameter: Topic Name' });
  },
);

test('a topic with a data protection policy is refused: nothing would protect it', async () => {
  const made = wire.client.send(new CreateTopicCommand({ Name: 'Events', DataProtectionPolicy: '{}' }));

  await expect(made).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('a topic shows the attributes that AWS shows for a new one (recorded 24-08-2023)', async () => {
  const TopicArn = await topic('Orders.fifo', { FifoTopic: 'true', SignatureVersion: '2' });

  const { Attributes = {} } = await wire.client.send(new GetTopicAttributesCommand({ TopicArn }));

  expect(Object.keys(Attributes).sort()).toEqual([
    'ContentBasedDeduplication',
    'DisplayName',
    'EffectiveDeliveryPolicy',
    'FifoTopic',
    'Owner',
    'Policy',
    'SignatureVersion',
    'SubscriptionsConfirmed',
    'SubscriptionsDeleted',
    'SubscriptionsPending',
    'TopicArn',
  ]);
  expect(JSON.parse(Attributes.EffectiveDeliveryPolicy ?? '')).toEqual({
    http: {
      defaultHealthyRetryPolicy: {
        minDelayTarget: 20,
        maxDelayTarget: 20,
        numRetries: 3,
        numMaxDelayRetries: 0,
        numNoDelayRetries: 0,
        numMinDelayRetries: 0,
        backoffFunction: 'linear',
      },
      disableSubscriptionOverrides: false,
      defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
    },
  });
});

test.each([
  [
    'nonsense',
    'InvalidParameterException',
    'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
  ],
  ['arn:aws:sns:eu-west-1:000000000000:Events', 'InvalidParameterException', 'Invalid parameter: TopicArn'],
  ['arn:aws:sns:us-east-1:000000000000:None', 'NotFoundException', 'Topic does not exist'],
])('publishing to %s is refused as on AWS', async (TopicArn, name, message) => {
  const published = wire.client.send(new PublishCommand({ TopicArn, Message: 'hello' }));

  await expect(published).rejects.toMatchObject({ name, message });
});

test('deleting a topic takes its subscriptions along, and deleting it again is no error', async () => {
  const TopicArn = await topic();
  await subscribed(TopicArn);

  await wire.client.send(new DeleteTopicCommand({ TopicArn }));
  await wire.client.send(new DeleteTopicCommand({ TopicArn }));

  const { Topics } = await wire.client.send(new ListTopicsCommand({}));
  const { Subscriptions } = await wire.client.send(new ListSubscriptionsCommand({}));
  expect([Topics, Subscriptions]).toEqual([[], []]);
});

test('a list of more than 100 comes in pages', async () => {
  const TopicArn = await topic();
  for (let n = 0; n < 101; n += 1)
    await wire.sns.subscribe({ topicArn: TopicArn, protocol: 'sqs', endpoint: queueArn(`q${n}`) });

  const first = await wire.client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const second = await wire.client.send(
    new ListSubscriptionsByTopicCommand({ TopicArn, NextToken: first.NextToken }),
  );

  expect([first.Subscriptions?.length, second.Subscriptions?.length, second.NextToken]).toEqual([
    100,
    1,
    undefined,
  ]);
});

test('subscribing again gives the same subscription, with other attributes it is refused', async () => {
  const TopicArn = await topic();
  const first = await subscribed(TopicArn, 'Inbox', { RawMessageDelivery: 'true' });

  const again = await subscribed(TopicArn, 'Inbox');
  const differing = subscribed(TopicArn, 'Inbox', { RawMessageDelivery: 'false' });

  expect(again).toBe(first);
  await expect(differing).rejects.toMatchObject({
    message: 'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  });
});

test('a subscription shows its attributes, and the scope of its filter only with the filter', async () => {
  const TopicArn = await topic();
  const SubscriptionArn = await subscribed(TopicArn);
  const attributes = async () =>
    (await wire.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;

  const before = await attributes();
  await wire.client.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"a":["b"]}',
    }),
  );
  const after = await attributes();

  expect(before).toEqual({
    SubscriptionArn,
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queueArn('Inbox'),
    Owner: '000000000000',
    SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    RawMessageDelivery: 'false',
  });
  expect(after).toMatchObject({ FilterPolicy: '{"a":["b"]}', FilterPolicyScope: 'MessageAttributes' });
});

test.each([
  [
    'carrier-pigeon',
    'x',
    'Invalid parameter: Amazon SNS does not support this protocol string: carrier-pigeon',
  ],
  [
    'email',
    'a@b.c',
    'Invalid parameter: Protocol Reason: the local cloud delivers to sqs, lambda, http and https, not to email',
  ],
  ['sqs', 'http://127.0.0.1/queue', 'Invalid parameter: SQS endpoint ARN'],
  ['http', 'https://127.0.0.1/', 'Invalid parameter: Endpoint must match the specified protocol'],
  [
    'sqs',
    queueArn('q.fifo'),
    'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
  ],
])('subscribing %s %s is refused', async (Protocol, Endpoint, message) => {
  const TopicArn = await topic();

  const subscribing = wire.client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));

  await expect(subscribing).rejects.toMatchObject({ name: 'InvalidParameterException', message });
});

test.each([
  ['Fake', 'x', 'Invalid parameter: AttributeName'],
  [
    'RawMessageDelivery',
    'test-ValUe',
    'Invalid parameter: RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.',
  ],
  [
    'RawMessageDelivery',
    '',
    'Invalid parameter: RawMessageDelivery: Invalid value []. Must be true or false.',
  ],
  [
    'RedrivePolicy',
    '{"deadLetterTargetArn":"fake"}',
    'Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn',
  ],
  [
    'FilterPolicyScope',
    'RandomValue',
    'Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes',
  ],
  [
    'FilterPolicy',
    '{"a":{"b":["c"]}}',
    'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
  ],
  ['FilterPolicy', '{"a":"b"}', 'Invalid parameter: FilterPolicy: "a" must be an object or an array'],
])(
  'the subscription attribute %s=%p is refused (recorded 24-08-2023)',
  async (AttributeName, AttributeValue, message) => {
    const SubscriptionArn = await subscribed(await topic());

    const setting = wire.client.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
    );

    await expect(setting).rejects.toMatchObject({ name: 'InvalidParameterException', message });
  },
);

test('unsubscribing is idempotent, and what is no subscription ARN is told apart', async () => {
  const SubscriptionArn = await subscribed(await topic());
  const unsubscribe = (arn: string) => wire.client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));

  await unsubscribe(SubscriptionArn);
  await unsubscribe(SubscriptionArn);

  await expect(unsubscribe('x')).rejects.toMatchObject({
    message: 'Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1',
  });
  await expect(unsubscribe('arn:aws:sns:us-east-1:000000000000:Events:x')).rejects.toMatchObject({
    message: 'Invalid parameter: SubscriptionId',
  });
});

test('with MessageStructure json every protocol has its own text, and default is for the rest', async () => {
  const TopicArn = await topic();
  await subscribed(TopicArn, 'Inbox', { RawMessageDelivery: 'true' });
  await wire.sns.subscribe({ topicArn: TopicArn, protocol: 'lambda', endpoint: functionArn('f') });

  const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
  await wire.client.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message }));
  const event = await eventually(() => wire.around.invoked[0]?.payload);

  expect(wire.around.bodies('Inbox')).toEqual(['for queues']);
  expect(JSON.parse(event).Records[0].Sns.Message).toBe('for all');
});

test.each([
  ['{"sqs":"x"}', 'Invalid parameter: Message Structure - No default entry in JSON message body'],
  ['{"default":{"a":1}}', 'Invalid parameter: Message Structure - No default entry in JSON message body'],
  ['no json', 'Invalid parameter: Message Structure - JSON message body failed to parse'],
])('the structured message %p is refused (recorded)', async (Message, message) => {
  const TopicArn = await topic();

  const published = wire.client.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message }));

  await expect(published).rejects.toMatchObject({ message });
});

test('a batch is taken entry by entry, and a bad entry fails alone', async () => {
  const TopicArn = await topic();
  await subscribed(TopicArn, 'Inbox', { RawMessageDelivery: 'true' });

  const { Successful, Failed } = await wire.client.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'good', Message: 'one' },
        { Id: 'bad', Message: 'two', Subject: 'two\nlines' },
      ],
    }),
  );
  await settle();

  expect(Successful).toMatchObject([{ Id: 'good', MessageId: expect.any(String) }]);
  expect(Failed).toEqual([
    { Id: 'bad', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true },
  ]);
  expect(wire.around.bodies('Inbox')).toEqual(['one']);
});

test.each([
  { MessageGroupId: 'a tenant', MessageDeduplicationId: 'id' },
  { MessageGroupId: 'tenant', MessageDeduplicationId: 'x'.repeat(129) },
])('an id that no queue would take is refused by the topic: %j', async (ids) => {
  const TopicArn = await topic('Orders.fifo', { FifoTopic: 'true' });

  const published = wire.client.send(new PublishCommand({ TopicArn, Message: 'x', ...ids }));

  await expect(published).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test.each([
  [
    'TooManyEntriesInBatchRequestException',
    Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, Message: 'x' })),
  ],
  [
    'BatchEntryIdsNotDistinctException',
    [
      { Id: 'a', Message: 'x' },
      { Id: 'a', Message: 'y' },
    ],
  ],
  ['InvalidBatchEntryIdException', [{ Id: 'message.id', Message: 'x' }]],
  ['InvalidBatchEntryIdException', [{ Id: 'a'.repeat(81), Message: 'x' }]],
  [
    'BatchRequestTooLongException',
    [
      { Id: 'a', Message: 'x'.repeat(140_000) },
      { Id: 'b', Message: 'y'.repeat(140_000) },
    ],
  ],
])('a batch that breaks a limit is refused whole: %s', async (name, PublishBatchRequestEntries) => {
  const TopicArn = await topic();

  const published = wire.client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

  await expect(published).rejects.toMatchObject({ name });
});

test('a topic takes messages up to its maximum size, 256 KiB unless it says otherwise', async () => {
  const small = await topic('Small');
  const large = await topic('Large', { MaximumMessageSize: '1048576' });
  const publish = (TopicArn: string, bytes: number) =>
    wire.client.send(new PublishCommand({ TopicArn, Message: 'x'.repeat(bytes) }));

  await publish(small, 262_144);
  await publish(large, 1_048_576);

  await expect(publish(small, 262_145)).rejects.toMatchObject({
    message: 'Invalid parameter: Message too long',
  });
});

test('tags are set, replaced and taken away', async () => {
  const ResourceArn = await topic();
  await wire.client.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: 'k1', Value: 'v1' },
        { Key: 'k2', Value: 'v2' },
      ],
    }),
  );
  await wire.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'k2', Value: 'v2b' }] }));
  await wire.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['k1'] }));

  const { Tags } = await wire.client.send(new ListTagsForResourceCommand({ ResourceArn }));

  expect(Tags).toEqual([{ Key: 'k2', Value: 'v2b' }]);
});

test('a policy set on a topic is what IAM then decides by', async () => {
  const TopicArn = await topic();
  const policy = { Version: '2012-10-17', Statement: [] };

  await wire.client.send(
    new SetTopicAttributesCommand({
      TopicArn,
      AttributeName: 'Policy',
      AttributeValue: JSON.stringify(policy),
    }),
  );

  expect(wire.around.policies.get(TopicArn)).toEqual(policy);
});

test.each([
  ['no statement', { a: 1 }],
  ['nobody to speak to', { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' }] }],
  [
    'an action of another service',
    { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] },
  ],
])('a policy with %s is refused, and the topic is as it was', async (_, document) => {
  const TopicArn = await topic();
  const policy = async () =>
    (await wire.client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.Policy;
  const before = await policy();

  const AttributeValue = JSON.stringify(document);
  const set = wire.client.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }),
  );

  await expect(set).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect(await policy()).toBe(before);
});

test('permissions are statements of the policy, added by label and removed by it (recorded)', async () => {
  const TopicArn = await topic();
  const add = (ActionName: string[], Label = 'test') =>
    wire.client.send(
      new AddPermissionCommand({ TopicArn, Label, AWSAccountId: ['111111111111'], ActionName }),
    );
  const statements = async (): Promise<unknown[]> => {
    const { Attributes } = await wire.client.send(new GetTopicAttributesCommand({ TopicArn }));
    return JSON.parse(Attributes?.Policy ?? '').Statement;
  };

  await add(['Publish']);
  const added = await statements();
  await expect(add(['Publish'])).rejects.toMatchObject({
    message: 'Invalid parameter: Statement already exists',
  });
  await expect(add(['Fly'], 'other')).rejects.toMatchObject({
    message: 'Invalid parameter: Policy statement action out of service scope!',
  });
  await wire.client.send(new RemovePermissionCommand({ TopicArn, Label: 'test' }));

  expect(added).toMatchObject([
    { Sid: '__default_statement_ID' },
    {
      Sid: 'test',
      Action: 'SNS:Publish',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Resource: TopicArn,
    },
  ]);
  expect(await statements()).toMatchObject([{ Sid: '__default_statement_ID' }]);
});

test('the trace header of a publish travels to the queue (recorded)', async () => {
  const TopicArn = await topic();
  await subscribed(TopicArn, 'Inbox', { RawMessageDelivery: 'true' });
  const traceHeader = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8';

  await fetch(wire.endpoint, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 ...', 'x-amzn-trace-id': traceHeader },
    body: new URLSearchParams({ Action: 'Publish', TopicArn, Message: 'hello' }),
  });
  await settle();

  expect(wire.around.sent[0]?.message.traceHeader).toBe(traceHeader);
});

test('an action that is not granted answers AuthorizationError, and does nothing', async () => {
  const denied = await onTheWire((action) => {
    throw new AwsError('AccessDenied', `not authorized to perform: ${action}`, 403);
  });

  const creating = denied.client.send(new CreateTopicCommand({ Name: 'Events' }));

  await expect(creating).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: 'not authorized to perform: sns:CreateTopic',
  });
  await denied.close();
});

test('who does not sign may follow the links in messages, and no more', async () => {
  const TopicArn = await topic();

  const response = await fetch(`${wire.endpoint}/?Action=Publish&Message=hello&TopicArn=${TopicArn}`);

  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
});

test('an operation that is not supported is refused by its name', async () => {
  const response = await fetch(wire.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'AWS4-HMAC-SHA256 ...' },
    body: 'Action=CreatePlatformApplication&Version=2010-03-31',
  });

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('<Type>Sender</Type><Code>InvalidAction</Code>');
});
