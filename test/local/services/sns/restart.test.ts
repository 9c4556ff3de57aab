import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../../../local/store.ts';
import { account, queueArn, Surroundings, settle, topicService } from './harness.ts';

const RAW = { RawMessageDelivery: 'true' };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sns-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = () => new Store(join(directory, 'cloud.sqlite'));

/** What is around a cloud that dies before any endpoint has answered. */
const silent = (): Surroundings => {
  const around = new Surroundings();
  around.queues.send = () => new Promise<never>(() => undefined);
  return around;
};

test('what was acknowledged and not delivered is delivered after a crash, to each subscriber, in order', async () => {
  const before = topicService(open(), silent());
  const { topicArn } = await before.sns.createTopic({
    name: 'Orders.fifo',
    attributes: { FifoTopic: 'true' },
  });
  for (const queue of ['A.fifo', 'B.fifo'])
    await before.sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn(queue), attributes: RAW });
  for (const message of ['1', '2', '3'])
    await before.sns.publish(topicArn, { message, groupId: 'g', deduplicationId: message }, account);
  before.store.close();

  const after = topicService(open());
  await after.sns.publish(topicArn, { message: '4', groupId: 'g', deduplicationId: '4' }, account);
  after.sns.start();
  await settle();

  expect([after.around.bodies('A.fifo'), after.around.bodies('B.fifo')]).toEqual([
    ['1', '2', '3', '4'],
    ['1', '2', '3', '4'],
  ]);
  after.store.close();
});

test('what was delivered is not delivered again, and leaves nothing behind', async () => {
  const before = topicService(open());
  const { topicArn } = await before.sns.createTopic({ name: 'Events' });
  await before.sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn('A'), attributes: RAW });
  await before.sns.publish(topicArn, { message: 'hello' }, account);
  await settle();
  before.store.close();

  const store = open();
  const after = topicService(store);
  after.sns.start();
  await settle();

  expect(after.around.sent).toEqual([]);
  expect(
    store.read('SELECT * FROM sns_delivery').concat(store.read('SELECT * FROM sns_notification')),
  ).toEqual([]);
  store.close();
});

test('topics, subscriptions, the deduplication window, sequence numbers and the certificate survive', async () => {
  const before = topicService(open());
  const { topicArn } = await before.sns.createTopic({
    name: 'Orders.fifo',
    attributes: { FifoTopic: 'true', ContentBasedDeduplication: 'true' },
  });
  const subscription = { topicArn, protocol: 'sqs', endpoint: queueArn('A.fifo') };
  const subscribed = await before.sns.subscribe(subscription);
  const first = await before.sns.publish(topicArn, { message: 'one', groupId: 'g' }, account);
  const certificate = await before.sns.certificatePem();
  before.store.close();

  const after = topicService(open());
  const duplicate = await after.sns.publish(topicArn, { message: 'one', groupId: 'g' }, account);
  const next = await after.sns.publish(topicArn, { message: 'two', groupId: 'g' }, account);

  expect(duplicate).toEqual(first);
  expect(BigInt(next.sequenceNumber ?? 0)).toBe(BigInt(first.sequenceNumber ?? 0) + 1n);
  expect(await after.sns.subscribe(subscription)).toEqual(subscribed);
  expect(await after.sns.certificatePem()).toBe(certificate);
  after.store.close();
});

test('a retry that was waiting goes on where it was, and keeps its count', async () => {
  const before = topicService(open());
  const { topicArn } = await before.sns.createTopic({ name: 'Events' });
  await before.sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn('A'), attributes: RAW });
  before.around.broken.set(queueArn('A'), new Error('down'));
  await before.sns.publish(topicArn, { message: 'hello' }, account);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await settle();
    before.around.clock.advance(0);
  }
  await settle();
  before.store.close();

  const after = topicService(open());
  after.sns.start();
  await settle();
  const early = after.around.sent.length;
  after.around.clock.advance(1000);
  await settle();

  expect(early).toBe(0);
  expect(after.around.bodies('A')).toEqual(['hello']);
  expect(after.around.trace.events().at(-1)).toMatchObject({ action: 'Deliver', ids: { attempt: 5 } });
  after.store.close();
});
