import { bodies, fifoQueue, now } from './engines.ts';

test('one receive gives several messages of a group, in order', async () => {
  const { queue, send } = fifoQueue();
  send('a', 'a1');
  send('a', 'a2');
  send('b', 'b1');

  expect(bodies(await queue.receive(now))).toEqual(['a1', 'a2', 'b1']);
});

test('a group is blocked while its first message is in flight; other groups are not', async () => {
  const { queue, send } = fifoQueue();
  send('a', 'a1');
  await queue.receive(now);
  send('a', 'a2');
  send('b', 'b1');

  expect(bodies(await queue.receive(now))).toEqual(['b1']);
});

test('a group goes on when its message in flight is deleted', async () => {
  const { queue, send } = fifoQueue();
  send('a', 'a1');
  send('a', 'a2');
  const [first] = await queue.receive({ max: 1, waitMs: 0 });
  const waiting = queue.receive({ max: 10, waitMs: 20_000 });

  queue.delete(first?.receiptHandle ?? '');

  expect(bodies(await waiting)).toEqual(['a2']);
});

// recorded on AWS, 19-11-2025
test.each([
  { extended: 0, received: [] },
  { extended: 1, received: ['foo'] },
  { extended: 2, received: ['foo', 'bar'] },
])('hiding message $extended longer also holds back what follows it in the group', async (expectation) => {
  const { queue, clock, send } = fifoQueue({ visibilityMs: 1_000 });
  for (const body of ['foo', 'bar', 'baz']) send('1', body);
  const deliveries = await queue.receive(now);

  queue.changeVisibility(deliveries[expectation.extended]?.receiptHandle ?? '', 4_000);
  clock.advance(2_500);

  expect(bodies(await queue.receive(now))).toEqual(expectation.received);
});

// What the developer guide leaves open; seen on AWS by LocalStack's validated tests.
test('a group from which was received goes behind the others', async () => {
  const { queue, send } = fifoQueue({ visibilityMs: 0 });
  for (const body of ['g1-m1', 'g1-m2', 'g2-m1', 'g2-m2', 'g3-m1']) send(body.slice(0, 2), body);
  await queue.receive({ max: 3, waitMs: 0 });

  expect(bodies(await queue.receive(now))).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);
});

describe('deduplication', () => {
  test('a duplicate within five minutes is answered like its original and not delivered, even when that was deleted', async () => {
    const { queue, clock, send } = fifoQueue();
    const original = send('a', 'once', 'id-1');
    const [received] = await queue.receive(now);
    queue.delete(received?.receiptHandle ?? '');
    clock.advance(299_999);

    const duplicate = send('a', 'other body', 'id-1');

    expect(duplicate).toMatchObject(original);
    expect(queue.depth().visible).toBe(0);
  });

  test('after five minutes the id is new', () => {
    const { queue, clock, send } = fifoQueue();
    send('a', 'one', 'id-1');
    clock.advance(300_000);

    send('a', 'two', 'id-1');

    expect(queue.depth().visible).toBe(2);
  });

  test('without an id the body counts, over all groups', () => {
    const { queue, send } = fifoQueue();

    send('a', 'same');
    send('b', 'same');

    expect(queue.depth().visible).toBe(1);
  });

  test('with the scope messageGroup each group has its own ids', () => {
    const { queue, send } = fifoQueue({ deduplicationScope: 'messageGroup' });

    send('a', 'one', 'id-1');
    send('b', 'two', 'id-1');
    send('b', 'three', 'id-1');

    expect(queue.depth().visible).toBe(2);
  });

  // recorded on AWS, 19-08-2025
  test('a changed scope does not count at once', () => {
    const { queue, clock, send } = fifoQueue({ deduplicationScope: 'queue' });
    const settings = { visibilityMs: 30_000, delayMs: 0, retentionMs: 345_600_000 };
    queue.change({ ...settings, deduplicationScope: 'messageGroup' });

    send('a', 'one', 'id-1');
    send('b', 'two', 'id-1');
    const before = queue.depth().visible;
    clock.advance(60_000);
    send('c', 'three', 'id-2');
    send('d', 'four', 'id-2');

    expect(before).toBe(1);
    expect(queue.depth().visible).toBe(3);
  });
});

test('sequence numbers have 20 digits and only grow', () => {
  const { clock, send } = fifoQueue();
  const numbers = [send('a', '1'), send('b', '2')];
  clock.advance(1);
  numbers.push(send('a', '3'));

  const given = numbers.map(({ sequenceNumber }) => sequenceNumber);

  expect(given.every((number) => /^\d{20}$/.test(number))).toBe(true);
  expect(given).toEqual([...new Set(given)].sort());
});

// recorded on AWS, 28-03-2025
test('a receipt handle deletes nothing once its visibility timeout is over', async () => {
  const { queue, clock, send } = fifoQueue({ visibilityMs: 1_000 });
  send('a', 'late');
  const [received] = await queue.receive(now);
  clock.advance(1_000);

  expect(() => queue.delete(received?.receiptHandle ?? '')).toThrow(
    'Reason: The receipt handle has expired.',
  );
});

// recorded on AWS, 05-10-2025
test('a receipt handle deletes while its visibility timeout was extended', async () => {
  const { queue, clock, send } = fifoQueue({ visibilityMs: 1_000 });
  send('a', 'extended');
  const [received] = await queue.receive(now);
  queue.changeVisibility(received?.receiptHandle ?? '', 5_000);
  clock.advance(2_000);

  queue.delete(received?.receiptHandle ?? '');

  expect(queue.depth()).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
});

test('a poison message goes to the dead-letter queue, and its group goes on', async () => {
  const { queue, clock, dead, send } = fifoQueue({ visibilityMs: 1_000, maxReceiveCount: 1 });
  send('a', 'poison');
  send('a', 'next');
  await queue.receive({ max: 1, waitMs: 0 });
  clock.advance(1_000);

  expect(bodies(await queue.receive(now))).toEqual(['next']);
  expect(dead.map(({ body }) => body)).toEqual(['poison']);
});

describe('receive request attempts', () => {
  test('the same attempt gives the same messages with the same receipt handles, hidden anew', async () => {
    const { queue, clock, send } = fifoQueue({ visibilityMs: 10_000 });
    send('a', 'a1');
    const first = await queue.receive({ ...now, attemptId: 'x' });
    clock.advance(9_000);

    const again = await queue.receive({ ...now, attemptId: 'x' });
    clock.advance(9_000);

    expect(again).toEqual(first);
    expect(queue.depth().notVisible).toBe(1);
  });

  test('an attempt whose message was deleted is a new receive', async () => {
    const { queue, send } = fifoQueue();
    send('a', 'a1');
    send('b', 'b1');
    const [first] = await queue.receive({ max: 1, waitMs: 0, attemptId: 'x' });
    queue.delete(first?.receiptHandle ?? '');

    expect(bodies(await queue.receive({ max: 1, waitMs: 0, attemptId: 'x' }))).toEqual(['b1']);
  });
});

test('a changed delay counts for the messages that are delayed already', async () => {
  const { queue, clock, send } = fifoQueue({ delayMs: 100_000 });
  send('a', 'a1');

  queue.change({ visibilityMs: 30_000, delayMs: 5_000, retentionMs: 345_600_000 });
  clock.advance(5_000);

  expect(bodies(await queue.receive(now))).toEqual(['a1']);
});
