import { AwsError } from '../../../../local/errors.ts';
import { account, queueArn, settle, topicService } from './harness.ts';

const fifoTopic = async (attributes: Record<string, string> = {}) => {
  const service = topicService();
  const { topicArn } = await service.sns.createTopic({
    name: 'Orders.fifo',
    attributes: { FifoTopic: 'true', ContentBasedDeduplication: 'true', ...attributes },
  });
  const subscribe = (queue: string, RawMessageDelivery = 'true') =>
    service.sns.subscribe({
      topicArn,
      protocol: 'sqs',
      endpoint: queueArn(queue),
      attributes: { RawMessageDelivery },
    });
  const publish = (message: string, groupId = 'g', more: object = {}) =>
    service.sns.publish(topicArn, { message, groupId, ...more }, account);
  return { ...service, topicArn, subscribe, publish };
};

const MINUTES = 60_000;

test('a FIFO queue gets the group and the SHA-256 of the content (recorded for "Test")', async () => {
  const { publish, subscribe, around } = await fifoTopic();
  await subscribe('A.fifo');

  await publish('Test', 'message-group-id-1');
  await settle();

  expect(around.sent[0]?.message).toMatchObject({
    body: 'Test',
    groupId: 'message-group-id-1',
    deduplicationId: '532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25',
  });
});

test('a standard queue at a FIFO topic gets neither group nor deduplication id (recorded)', async () => {
  const { publish, subscribe, around } = await fifoTopic();
  await subscribe('A');

  await publish('Test');
  await settle();

  expect(around.sent[0]?.message).toEqual({ body: 'Test', attributes: {} });
});

test('the envelope of a FIFO topic has a sequence number of 20 digits and no signature (recorded)', async () => {
  const { publish, subscribe, around } = await fifoTopic();
  await subscribe('A.fifo', 'false');

  await publish('one');
  await publish('two');
  await settle();

  const [one, two] = around.bodies('A.fifo').map((body) => JSON.parse(body));
  expect(Object.keys(one)).toEqual([
    'Type',
    'MessageId',
    'SequenceNumber',
    'TopicArn',
    'Message',
    'Timestamp',
    'UnsubscribeURL',
  ]);
  expect(one.SequenceNumber).toMatch(/^\d{20}$/);
  expect(two.SequenceNumber > one.SequenceNumber).toBe(true);
});

test('a duplicate within five minutes is acknowledged as its first, and not delivered', async () => {
  const { publish, subscribe, around } = await fifoTopic();
  await subscribe('A.fifo');
  const first = await publish('hello');

  around.clock.advance(5 * MINUTES - 1);
  const duplicate = await publish('hello');
  around.clock.advance(1);
  const later = await publish('hello');
  await settle();

  expect(duplicate).toEqual(first);
  expect(later.messageId).not.toBe(first.messageId);
  expect(around.bodies('A.fifo')).toEqual(['hello', 'hello']);
});

test.each([
  ['Topic', ['hello']],
  ['MessageGroup', ['hello', 'hello']],
])('with FifoThroughputScope %s duplicates are looked for there', async (scope, delivered) => {
  const { publish, subscribe, around } = await fifoTopic({ FifoThroughputScope: scope });
  await subscribe('A.fifo');

  await publish('hello', 'g1');
  await publish('hello', 'g2');
  await publish('hello', 'g2');
  await settle();

  expect(around.bodies('A.fifo')).toEqual(delivered);
});

test('a delivery that is retried holds back its own group for its own subscriber, and nothing else', async () => {
  const { publish, subscribe, around } = await fifoTopic();
  await subscribe('Slow.fifo');
  await subscribe('Other.fifo');
  around.broken.set(queueArn('Slow.fifo'), new AwsError('ServiceUnavailable', 'later', 503));
  await publish('1', 'g1');
  await settle();
  around.broken.clear();

  await publish('2', 'g1');
  await publish('x', 'g2');
  await settle();
  const meanwhile = around.bodies('Slow.fifo');
  around.clock.advance(0);
  await settle();

  expect(meanwhile).toEqual(['x']);
  expect(around.bodies('Slow.fifo')).toEqual(['x', '1', '2']);
  expect(around.bodies('Other.fifo')).toEqual(['1', '2', 'x']);
});

test.each([
  [{}, { message: 'x' }, 'Invalid parameter: The MessageGroupId parameter is required for FIFO topics'],
  [
    { ContentBasedDeduplication: 'false' },
    { message: 'x', groupId: 'g' },
    'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  ],
])(
  'what a FIFO topic needs of a message is asked for (recorded): %p',
  async (attributes, publication, message) => {
    const { sns, topicArn } = await fifoTopic(attributes);

    await expect(sns.publish(topicArn, publication, account)).rejects.toThrow(message);
  },
);

test('a FIFO subscription is redriven to a FIFO queue only (recorded)', async () => {
  const { sns, topicArn } = await fifoTopic();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('Dead') });

  const subscribing = sns.subscribe({
    topicArn,
    protocol: 'sqs',
    endpoint: queueArn('A.fifo'),
    attributes: { RedrivePolicy },
  });

  await expect(subscribing).rejects.toThrow(
    'Invalid parameter: Attributes Reason: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
  );
});
