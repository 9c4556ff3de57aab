import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VirtualClock } from '../../../../local/clock.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { arnOf, asAccount, foundation } from './sqs-server.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sqs-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** SQS on the store of this test, at a time. Closing the store stands for the end of the process. */
const open = (clock: VirtualClock) => {
  const base = foundation(clock, { file: join(directory, 'cloud.sqlite') });
  return { sqs: new Sqs(base), end: () => base.store.close() };
};

const once1 = { max: 10, waitMs: 0 };

test('messages come back with their attributes, receive counts and visibility', async () => {
  const clock = new VirtualClock();
  const before = open(clock);
  await before.sqs.createQueue({
    name: 'jobs',
    attributes: { VisibilityTimeout: '60' },
    tags: { team: 'a' },
  });
  const attributes = {
    text: { dataType: 'String', stringValue: 'wörld' },
    bytes: { dataType: 'Binary', binaryValue: Uint8Array.of(0, 255) },
  };
  await before.sqs.send(arnOf('jobs'), { body: 'received', attributes, traceHeader: 'Root=1' }, asAccount);
  const [received] = await before.sqs.receive(arnOf('jobs'), once1);
  await before.sqs.send(arnOf('jobs'), { body: 'waiting' }, asAccount);
  await before.sqs.send(arnOf('jobs'), { body: 'delayed', delaySeconds: 90 }, asAccount);
  before.end();

  clock.advance(30_000);
  const after = open(clock);
  const first = await after.sqs.receive(arnOf('jobs'), once1);
  clock.advance(30_000);
  const [again] = await after.sqs.receive(arnOf('jobs'), once1);
  clock.advance(30_000);
  const third = await after.sqs.receive(arnOf('jobs'), once1);
  after.end();

  expect(first.map(({ body }) => body)).toEqual(['waiting']);
  expect(again).toMatchObject({ messageId: received?.messageId, messageAttributes: attributes });
  expect(again?.md5OfMessageAttributes).toBe(received?.md5OfMessageAttributes);
  expect(again?.attributes).toEqual({ ...received?.attributes, ApproximateReceiveCount: '2' });
  expect(third.map(({ body }) => body)).toContain('delayed');
});

test('a move task goes on where it was, and moves each message once', async () => {
  const clock = new VirtualClock();
  const before = open(clock);
  await before.sqs.createQueue({ name: 'dead', attributes: {} });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
  await before.sqs.createQueue({ name: 'jobs', attributes: { RedrivePolicy } });
  for (const body of ['1', '2', '3', '4', '5']) await before.sqs.send(arnOf('dead'), { body }, asAccount);
  before.sqs.moveTasks.start(arnOf('dead'), arnOf('jobs'), 1);
  clock.advance(2_000);
  await before.sqs.close();
  before.end();

  const after = open(clock);
  clock.advance(10_000);
  const moved = after.sqs.peek(arnOf('jobs'), 10).map(({ body }) => body);
  const [task] = after.sqs.moveTasks.list(arnOf('dead'));
  await after.sqs.close();
  after.end();

  expect(moved).toEqual(['1', '2', '3', '4', '5']);
  expect(task).toMatchObject({ status: 'COMPLETED', moved: 5 });
});

test('a receipt handle from before the restart still deletes', async () => {
  const clock = new VirtualClock();
  const before = open(clock);
  await before.sqs.createQueue({ name: 'jobs', attributes: {} });
  await before.sqs.send(arnOf('jobs'), { body: 'done' }, asAccount);
  const [received] = await before.sqs.receive(arnOf('jobs'), once1);
  before.end();

  const after = open(clock);
  await after.sqs.deleteMessages(arnOf('jobs'), [received?.receiptHandle ?? '']);

  expect(after.sqs.depth(arnOf('jobs'))).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
  after.end();
});

test('order, deduplication and growing sequence numbers of a FIFO queue survive', async () => {
  const clock = new VirtualClock();
  const before = open(clock);
  const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  await before.sqs.createQueue({ name: 'edits.fifo', attributes });
  const arn = arnOf('edits.fifo');
  for (const body of ['1', '2']) await before.sqs.send(arn, { body, groupId: 'a' }, asAccount);
  const [first] = await before.sqs.receive(arn, { max: 1, waitMs: 0 });
  await before.sqs.deleteMessages(arn, [first?.receiptHandle ?? '']);
  before.end();

  const after = open(clock);
  await after.sqs.send(arn, { body: '1', groupId: 'a' }, asAccount);
  await after.sqs.send(arn, { body: '3', groupId: 'a' }, asAccount);
  const received = await after.sqs.receive(arn, once1);
  after.end();

  expect(received.map(({ body }) => body)).toEqual(['2', '3']);
  const numbers = [first, ...received].map((message) => message?.attributes.SequenceNumber ?? '');
  expect(numbers).toEqual([...numbers].sort());
});

test('sequence numbers go on growing when the clock of the new process is behind', async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const before = open(clock);
  const arn = arnOf('edits.fifo');
  await before.sqs.createQueue({ name: 'edits.fifo', attributes: { FifoQueue: 'true' } });
  clock.advance(60_000);
  const first = await before.sqs.send(arn, { body: '1', groupId: 'a', deduplicationId: '1' }, asAccount);
  before.end();

  const after = open(new VirtualClock(start));
  const second = await after.sqs.send(arn, { body: '2', groupId: 'a', deduplicationId: '2' }, asAccount);
  after.end();

  expect([second.sequenceNumber, first.sequenceNumber].sort()).toEqual([
    first.sequenceNumber,
    second.sequenceNumber,
  ]);
});

test('a message in a dead-letter queue comes back there once', async () => {
  const clock = new VirtualClock();
  const before = open(clock);
  await before.sqs.createQueue({ name: 'dead', attributes: {} });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
  await before.sqs.createQueue({ name: 'jobs', attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  await before.sqs.send(arnOf('jobs'), { body: 'poison' }, asAccount);
  await before.sqs.receive(arnOf('jobs'), once1);
  await before.sqs.receive(arnOf('jobs'), once1);
  before.end();

  const after = open(clock);
  const [dead] = await after.sqs.receive(arnOf('dead'), once1);

  expect(dead?.attributes.DeadLetterQueueSourceArn).toBe(arnOf('jobs'));
  expect(after.sqs.depth(arnOf('jobs'))).toMatchObject({ visible: 0, notVisible: 0 });
  after.end();
});

test.each([3, 40, 150])(
  'a process killed after %i acknowledged sends loses none of them, and doubles none',
  async (acknowledgements) => {
    const file = join(directory, 'cloud.sqlite');
    const child = spawn(process.execPath, ['test/local/services/sqs/sending-process.ts', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged = await firstLines(child, acknowledgements);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const { sqs, end } = open(new VirtualClock(Date.now()));
    const kept = sqs.peek(arnOf('jobs'), 1_000_000).map(({ messageId }) => messageId);
    end();

    expect(new Set(kept).size).toBe(kept.length);
    expect(kept).toEqual(expect.arrayContaining(acknowledged));
  },
);

const firstLines = async (child: ChildProcess, count: number): Promise<string[]> => {
  if (!child.stdout) throw new Error('no output to read');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) if (lines.push(line) === count) break;
  return lines;
};
