import { VirtualClock } from '../../../../local/clock.ts';
import { AwsError } from '../../../../local/errors.ts';
import type { Caller } from '../../../../local/ports.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { arnOf, asAccount, foundation } from './sqs-server.ts';

const topic: Caller = {
  kind: 'service',
  service: 'sns.amazonaws.com',
  sourceArn: 'arn:aws:sns:us-east-1:000000000000:events',
};
const now = { max: 10, waitMs: 0 };

const start = async (options: Parameters<typeof foundation>[1] = {}) => {
  const base = foundation(new VirtualClock(), options);
  const sqs = new Sqs(base);
  await sqs.createQueue({ name: 'jobs', attributes: { VisibilityTimeout: '90' } });
  return { sqs, ...base };
};

test('a service sends only where the queue policy lets it', async () => {
  const asked: unknown[] = [];
  const authorize = (...question: unknown[]) => {
    asked.push(question);
    throw new AwsError('AccessDenied', 'no', 403);
  };
  const { sqs } = await start({ iam: { authorize } });

  const sending = sqs.send(arnOf('jobs'), { body: 'event' }, topic);

  await expect(sending).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(asked).toEqual([[topic, 'sqs:SendMessage', arnOf('jobs')]]);
  expect(sqs.depth(arnOf('jobs')).visible).toBe(0);
});

test('sending to a queue that is not there is refused', async () => {
  const { sqs } = await start();

  const sending = sqs.send(arnOf('none'), { body: 'event' }, asAccount);

  await expect(sending).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
});

test('a role sends under its own id and session', async () => {
  const { sqs } = await start();
  const worker: Caller = { kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/worker', session: 'fn' };
  await sqs.send(arnOf('jobs'), { body: 'a' }, worker);

  const [received] = await sqs.receive(arnOf('jobs'), now);

  expect(received?.attributes.SenderId).toMatch(/^AROA[A-Z0-9]{17}:fn$/);
});

test('an answer is given only when it would survive a crash', async () => {
  const { sqs, store } = await start();
  let committed = false;
  const committing = store.committed().then(() => {
    committed = true;
  });

  await sqs.send(arnOf('jobs'), { body: 'a' }, asAccount);
  const stored = store.read('SELECT body FROM sqs_message');
  await committing;

  expect(committed).toBe(true);
  expect(stored).toHaveLength(1);
});

test('deleting a batch passes over handles that have expired', async () => {
  const { sqs, clock } = await start();
  await sqs.createQueue({ name: 'edits.fifo', attributes: { FifoQueue: 'true', VisibilityTimeout: '1' } });
  const send = (groupId: string) =>
    sqs.send(arnOf('edits.fifo'), { body: 'x', groupId, deduplicationId: groupId }, asAccount);
  await send('a');
  const [expired] = await sqs.receive(arnOf('edits.fifo'), now);
  clock.advance(1_000);
  await sqs.receive(arnOf('edits.fifo'), now);
  await send('b');
  const [current] = await sqs.receive(arnOf('edits.fifo'), now);

  const handles = [expired?.receiptHandle ?? '', current?.receiptHandle ?? '', 'garbage'];
  await sqs.deleteMessages(arnOf('edits.fifo'), handles);

  expect(sqs.depth(arnOf('edits.fifo'))).toMatchObject({ visible: 0, notVisible: 1 });
});

test('ensuring a queue that is there changes its attributes and keeps its messages', async () => {
  const { sqs } = await start();
  await sqs.send(arnOf('jobs'), { body: 'kept' }, asAccount);

  const { arn, url } = await sqs.createQueue({ name: 'jobs', attributes: { DelaySeconds: '5' } });

  expect({ arn, url }).toEqual({ arn: arnOf('jobs'), url: 'http://127.0.0.1:4566/000000000000/jobs' });
  expect(sqs.attributes(arn)).toEqual({ visibilityTimeoutMs: 30_000, fifo: false });
  expect(sqs.depth(arn).visible).toBe(1);
});

test('every hop of a message is an event of the trace', async () => {
  const { sqs, trace } = await start();
  const { messageId } = await sqs.send(arnOf('jobs'), { body: 'a' }, asAccount);
  const [received] = await sqs.receive(arnOf('jobs'), now);
  await sqs.deleteMessages(arnOf('jobs'), [received?.receiptHandle ?? '']);

  const hops = trace.events().map(({ action, resource, ids }) => ({ action, resource, ids }));

  expect(hops).toEqual([
    { action: 'SendMessage', resource: arnOf('jobs'), ids: { messageId } },
    { action: 'ReceiveMessage', resource: arnOf('jobs'), ids: { messageId, receiveCount: 1 } },
    { action: 'DeleteMessage', resource: arnOf('jobs'), ids: { messageId } },
  ]);
});

test('so is its way into a dead-letter queue', async () => {
  const { sqs, trace } = await start();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('jobs'), maxReceiveCount: 1 });
  await sqs.createQueue({ name: 'source', attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  const { messageId } = await sqs.send(arnOf('source'), { body: 'a' }, asAccount);
  await sqs.receive(arnOf('source'), now);
  await sqs.receive(arnOf('source'), now);

  expect(trace.events().at(-1)).toMatchObject({
    action: 'DeadLetter',
    resource: arnOf('source'),
    ids: { messageId, to: arnOf('jobs') },
  });
});

test('closing lets every waiting receive go', async () => {
  const { sqs } = await start();
  const waiting = sqs.receive(arnOf('jobs'), { max: 1, waitMs: 20_000 });

  await sqs.close();

  expect(await waiting).toEqual([]);
});
