import { AwsError } from '../../../../local/errors.ts';
import { account, functionArn, queueArn, settle, topicService } from './harness.ts';

const withTopic = async (name = 'Events', attributes: Record<string, string> = {}) => {
  const service = topicService();
  const { topicArn } = await service.sns.createTopic({ name, attributes });
  await service.sns.certificatePem();
  const subscribe = (protocol: string, endpoint: string, given: Record<string, string> = {}) =>
    service.sns.subscribe({ topicArn, protocol, endpoint, attributes: given });
  const publish = (message: string, more: object = {}) =>
    service.sns.publish(topicArn, { message, ...more }, account);
  return { ...service, topicArn, subscribe, publish };
};

const RAW = { RawMessageDelivery: 'true' };
const redriveTo = (queue: string) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(queue) }),
});
const gone = new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
const outage = new AwsError('ServiceUnavailable', 'later', 503);

test('every subscriber gets its own copy, and the topic is the one who sends it', async () => {
  const { publish, subscribe, around, topicArn } = await withTopic();
  await subscribe('sqs', queueArn('A'));
  await subscribe('sqs', queueArn('B'), RAW);

  const { messageId } = await publish('hello');
  await settle();

  expect(JSON.parse(around.bodies('A')[0] ?? '')).toMatchObject({ MessageId: messageId, Message: 'hello' });
  expect(around.bodies('B')).toEqual(['hello']);
  expect(around.sent.map(({ caller }) => caller)).toEqual(
    Array(2).fill({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: topicArn }),
  );
});

test('the envelope has the members of AWS in the order of AWS', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('A'));

  await publish('hello', { subject: 'S', attributes: { n: { dataType: 'Number', stringValue: '1' } } });
  await settle();

  const [body = ''] = around.bodies('A');
  expect(Object.keys(JSON.parse(body))).toEqual([
    'Type',
    'MessageId',
    'TopicArn',
    'Subject',
    'Message',
    'Timestamp',
    'SignatureVersion',
    'Signature',
    'SigningCertURL',
    'UnsubscribeURL',
    'MessageAttributes',
  ]);
  expect(body).toContain('{\n  "Type" : "Notification",\n');
  expect(body).toContain('"MessageAttributes" : {\n    "n" : {"Type":"Number","Value":"1"}\n  }\n}');
});

test('raw delivery carries the attributes as attributes of the queue message', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('A'), RAW);
  const attributes = {
    kind: { dataType: 'String', stringValue: 'x' },
    bytes: { dataType: 'Binary', binaryValue: Uint8Array.of(2, 3, 4) },
  };

  await publish('hello', { attributes, groupId: 'tenant-1' });
  await settle();

  expect(around.sent[0]?.message).toEqual({
    body: 'hello',
    attributes: {
      kind: { dataType: 'String', stringValue: 'x' },
      bytes: { dataType: 'Binary', binaryValue: Buffer.of(2, 3, 4) },
    },
    groupId: 'tenant-1',
  });
});

test('a function gets the event of AWS, invoked asynchronously', async () => {
  const { publish, subscribe, around, topicArn } = await withTopic();
  const { subscriptionArn } = await subscribe('lambda', functionArn('f'));

  const { messageId } = await publish('hello');
  await settle();

  const [{ arn, payload } = { arn: '', payload: '{}' }] = around.invoked;
  expect(arn).toBe(functionArn('f'));
  expect(JSON.parse(payload)).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: messageId,
          TopicArn: topicArn,
          Subject: null,
          Message: 'hello',
          Timestamp: '2026-01-01T00:00:00.000Z',
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: 'http://127.0.0.1:4566/_local/sns/certificate.pem',
          UnsubscribeUrl: `http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
          MessageAttributes: {},
        },
      },
    ],
  });
});

test('a filter on attributes and one on the body choose for their own subscriber only, and are counted', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('All'), RAW);
  await subscribe('sqs', queueArn('Red'), { ...RAW, FilterPolicy: '{"colour":["red"]}' });
  await subscribe('sqs', queueArn('Big'), {
    ...RAW,
    FilterPolicy: '{"size":[{"numeric":[">",9]}]}',
    FilterPolicyScope: 'MessageBody',
  });

  await publish('{"size":10}');
  await publish('no json', {
    attributes: { colour: { dataType: 'String.Array', stringValue: '["red","blue"]' } },
  });
  await settle();

  expect([around.bodies('All').length, around.bodies('Red'), around.bodies('Big')]).toEqual([
    2,
    ['no json'],
    ['{"size":10}'],
  ]);
  expect(around.metric('NumberOfNotificationsFilteredOut-NoMessageAttributes')).toBe(1);
  expect(around.metric('NumberOfNotificationsFilteredOut-InvalidMessageBody')).toBe(1);
  expect(around.metric('NumberOfNotificationsFilteredOut')).toBe(2);
});

test('a subscriber that is gone has its copy in its dead-letter queue at once, and harms nobody', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('Gone'), { ...RAW, ...redriveTo('Dead') });
  await subscribe('sqs', queueArn('Alive'), RAW);
  around.broken.set(queueArn('Gone'), gone);

  await publish('hello');
  await settle();

  expect([around.bodies('Alive'), around.bodies('Dead')]).toEqual([['hello'], ['hello']]);
  expect(around.metric('NumberOfNotificationsFailed')).toBe(1);
  expect(around.metric('NumberOfNotificationsRedrivenToDlq')).toBe(1);
  expect(around.metric('NumberOfNotificationsDelivered')).toBe(1);
});

test('a copy that not even the dead-letter queue takes is counted and given up', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('Gone'), { ...RAW, ...redriveTo('Dead') });
  around.broken.set(queueArn('Gone'), gone).set(queueArn('Dead'), gone);

  await publish('hello');
  await settle();

  expect(around.metric('NumberOfNotificationsFailedToRedriveToDlq')).toBe(1);
  expect(around.trace.events().at(-1)).toMatchObject({
    action: 'DeliveryFailed',
    resource: queueArn('Gone'),
  });
});

test('an outage of the queue is waited out, in the steps of an AWS managed endpoint', async () => {
  const { publish, subscribe, around } = await withTopic();
  await subscribe('sqs', queueArn('A'), { ...RAW, ...redriveTo('Dead') });
  around.broken.set(queueArn('A'), outage);
  const attempts = () => around.trace.events().filter(({ action }) => action === 'DeliveryFailed').length;
  const after = async (ms: number) => {
    around.clock.advance(ms);
    await settle();
    return attempts();
  };

  await publish('hello');
  await settle();

  expect(attempts()).toBe(1);
  expect([await after(0), await after(0), await after(0)]).toEqual([2, 3, 4]);
  expect([await after(999), await after(1), await after(1000)]).toEqual([4, 5, 6]);
  around.broken.clear();
  await after(1000);
  expect([around.bodies('A'), around.bodies('Dead')]).toEqual([['hello'], []]);
});

test.each([
  [{ message: '' }, 'Invalid parameter: Empty message'],
  [{ message: 'x', subject: '' }, 'Invalid parameter: Subject'],
  [{ message: 'x', subject: 'a'.repeat(101) }, 'Invalid parameter: Subject'],
  [
    { message: 'x', deduplicationId: 'd' },
    'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  ],
  [
    { message: 'x', attributes: { a: { dataType: 'String' } } },
    "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    { message: 'x', attributes: { a: { dataType: 'String', binaryValue: Uint8Array.of(1) } } },
    "The message attribute 'a' with type 'String' must use field 'String'.",
  ],
  [
    { message: 'x', attributes: { a: { dataType: 'Binary', stringValue: 'x' } } },
    "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
  ],
  [
    { message: 'x', attributes: { a: { dataType: 'Stringy', stringValue: 'x' } } },
    "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    { message: 'x', attributes: { 'a^b': { dataType: 'String', stringValue: 'x' } } },
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  ],
  [
    { message: 'x', attributes: { '.a': { dataType: 'String', stringValue: 'x' } } },
    "Invalid message attribute name starting with character '.' was found.",
  ],
  [
    { message: 'x', attributes: { 'a..b': { dataType: 'String', stringValue: 'x' } } },
    "Message attribute name can not have successive '.' character.",
  ],
])(
  'a publication that AWS refuses is refused in its words (recorded 24-08-2023): %p',
  async (publication, message) => {
    const { sns, topicArn } = await withTopic();

    await expect(sns.publish(topicArn, publication, account)).rejects.toThrow(message);
  },
);

test('making topic and subscription again changes them to what is asked for, and keeps who they are', async () => {
  const { sns, publish, subscribe, around, topicArn } = await withTopic();
  const first = await subscribe('sqs', queueArn('A'), { ...RAW, FilterPolicy: '{"a":["b"]}' });

  const again = await subscribe('sqs', queueArn('A'), RAW);
  const sameTopic = await sns.createTopic({ name: 'Events', attributes: { DisplayName: 'New' } });
  await publish('hello');
  await settle();

  expect([again, sameTopic]).toEqual([first, { topicArn }]);
  expect(around.bodies('A')).toEqual(['hello']);
});
