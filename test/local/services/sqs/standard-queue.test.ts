import { IN_FLIGHT_LIMIT } from '../../../../local/services/sqs/message-queue.ts';
import { bodies, now, standardQueue } from './engines.ts';

test('a message that outlives its visibility timeout is delivered again, with a higher receive count', async () => {
  const { queue, clock, send } = standardQueue({ visibilityMs: 30_000 });
  send('hello');
  const [first] = await queue.receive(now);

  clock.advance(29_999);
  const early = await queue.receive(now);
  clock.advance(1);
  const [again] = await queue.receive(now);

  expect(early).toEqual([]);
  expect(again).toMatchObject({ message: { body: 'hello' }, receiveCount: 2 });
  expect(again?.firstReceivedAt).toBe(first?.firstReceivedAt);
  expect(again?.receiptHandle).not.toBe(first?.receiptHandle);
});

test('a receive gives at most as many messages as it asks for', async () => {
  const { queue, send } = standardQueue();
  for (let i = 0; i < 12; i += 1) send(String(i));

  const received = await queue.receive({ max: 10, waitMs: 0 });

  expect(bodies(received)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

describe('long polling', () => {
  test('a waiting receive wakes when a message is sent', async () => {
    const { queue, send } = standardQueue();
    const waiting = queue.receive({ max: 10, waitMs: 20_000 });

    send('late');

    expect(bodies(await waiting)).toEqual(['late']);
  });

  test('a waiting receive wakes when a visibility timeout is over', async () => {
    const { queue, clock, send } = standardQueue({ visibilityMs: 5_000 });
    send('again');
    await queue.receive(now);
    const waiting = queue.receive({ max: 10, waitMs: 20_000 });

    clock.advance(5_000);

    expect(bodies(await waiting)).toEqual(['again']);
  });

  test('a waiting receive wakes when a delay is over', async () => {
    const { queue, clock, send } = standardQueue();
    send('delayed', 3_000);
    const waiting = queue.receive({ max: 10, waitMs: 20_000 });

    clock.advance(3_000);

    expect(bodies(await waiting)).toEqual(['delayed']);
  });

  test('a receive that waited long enough resolves with nothing', async () => {
    const { queue, clock } = standardQueue();
    const waiting = queue.receive({ max: 10, waitMs: 20_000 });

    clock.advance(20_000);

    expect(await waiting).toEqual([]);
  });

  test('a receive whose caller is gone takes no message', async () => {
    const { queue, send } = standardQueue();
    const gone = new AbortController();
    const waiting = queue.receive({ max: 10, waitMs: 20_000, signal: gone.signal });
    gone.abort();

    send('for somebody else');

    expect(await waiting).toEqual([]);
    expect(queue.depth()).toMatchObject({ visible: 1, notVisible: 0 });
  });

  test('those who wait are served in turn', async () => {
    const { queue, send } = standardQueue();
    const first = queue.receive({ max: 1, waitMs: 20_000 });
    const second = queue.receive({ max: 1, waitMs: 20_000 });

    send('a');
    send('b');

    expect(bodies(await first)).toEqual(['a']);
    expect(bodies(await second)).toEqual(['b']);
  });
});

describe('receipt handles', () => {
  test('the latest one deletes the message, also after its visibility timeout', async () => {
    const { queue, clock, send } = standardQueue({ visibilityMs: 1_000 });
    send('done');
    const [received] = await queue.receive(now);
    clock.advance(1_000);

    queue.delete(received?.receiptHandle ?? '');

    expect(queue.depth()).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
  });

  test('an older one deletes nothing, and is no error', async () => {
    const { queue, send } = standardQueue({ visibilityMs: 0 });
    send('kept');
    const [older] = await queue.receive(now);
    await queue.receive(now);

    queue.delete(older?.receiptHandle ?? '');

    expect(queue.depth().visible).toBe(1);
  });

  test('deleting twice is no error', async () => {
    const { queue, send } = standardQueue();
    send('gone');
    const [received] = await queue.receive(now);
    queue.delete(received?.receiptHandle ?? '');

    expect(queue.delete(received?.receiptHandle ?? '')).toBeUndefined();
  });

  test.each(['INVALID', '', 'MSAxIDViOTk1'])('%j is refused', (handle) => {
    const { queue } = standardQueue();

    expect(() => queue.delete(handle)).toThrow(expect.objectContaining({ code: 'ReceiptHandleIsInvalid' }));
  });

  test('one of another queue is refused', () => {
    const { queue } = standardQueue();
    const handle = Buffer.from('2 1 5b9954c6-6e32-4162-86ef-d41ed8693f6e').toString('base64');

    expect(() => queue.delete(handle)).toThrow(expect.objectContaining({ code: 'ReceiptHandleIsInvalid' }));
  });
});

describe('ChangeMessageVisibility', () => {
  test('0 gives the message back at once', async () => {
    const { queue, send } = standardQueue();
    send('back');
    const [received] = await queue.receive(now);

    queue.changeVisibility(received?.receiptHandle ?? '', 0);

    expect(bodies(await queue.receive(now))).toEqual(['back']);
  });

  test('counts from now, not from the receive', async () => {
    const { queue, clock, send } = standardQueue({ visibilityMs: 10_000 });
    send('longer');
    const [received] = await queue.receive(now);
    clock.advance(9_000);

    queue.changeVisibility(received?.receiptHandle ?? '', 10_000);
    clock.advance(9_999);
    const early = await queue.receive(now);
    clock.advance(1);

    expect(early).toEqual([]);
    expect(bodies(await queue.receive(now))).toEqual(['longer']);
  });

  // recorded on AWS, 30-04-2024
  test('is accepted after the visibility timeout is over', async () => {
    const { queue, clock, send } = standardQueue({ visibilityMs: 1_000 });
    send('late');
    const [received] = await queue.receive(now);
    clock.advance(2_000);

    queue.changeVisibility(received?.receiptHandle ?? '', 5_000);

    expect(queue.depth()).toMatchObject({ visible: 0, notVisible: 1 });
  });

  test('of a deleted message is refused', async () => {
    const { queue, send } = standardQueue();
    send('gone');
    const [received] = await queue.receive(now);
    const handle = received?.receiptHandle ?? '';
    queue.delete(handle);

    expect(() => queue.changeVisibility(handle, 1_000)).toThrow(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  });

  test('cannot hide a message for more than 12 hours after its receive', async () => {
    const { queue, clock, send } = standardQueue({ visibilityMs: 43_200_000 });
    send('held');
    const [received] = await queue.receive(now);
    clock.advance(1_000);

    expect(() => queue.changeVisibility(received?.receiptHandle ?? '', 43_200_000)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValue' }),
    );
  });
});

test('a message is dropped when its retention period is over, received or not', async () => {
  const { queue, clock, send } = standardQueue({ retentionMs: 60_000 });
  send('in flight');
  await queue.receive(now);
  send('waiting');

  clock.advance(60_000);

  expect(queue.depth()).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
});

test('a message received maxReceiveCount times goes to the dead-letter queue instead of being received again', async () => {
  const { queue, clock, dead, send } = standardQueue({ visibilityMs: 1_000, maxReceiveCount: 2 });
  send('poison');
  send('next');
  await queue.receive({ max: 1, waitMs: 0 });
  clock.advance(1_000);
  await queue.receive({ max: 2, waitMs: 0 });
  clock.advance(1_000);

  const received = await queue.receive(now);

  expect(bodies(received)).toEqual(['next']);
  expect(dead.map(({ body, receiveCount }) => ({ body, receiveCount }))).toEqual([
    { body: 'poison', receiveCount: 2 },
  ]);
});

test('receives in another queue do not count for maxReceiveCount, but for the receive count', async () => {
  const { queue, clock, dead } = standardQueue({ maxReceiveCount: 1 });
  const past = { enqueuedAt: clock.now(), visibleAt: 0, firstReceivedAt: 1, lastReceivedAt: 2 };
  const content = { id: '5b9954c6-6e32-4162-86ef-d41ed8693f6e', body: 'moved', senderId: '', sentAt: 5 };

  queue.takeOver(content, { ...past, receiveCount: 3, receivedElsewhere: 3 });
  const [received] = await queue.receive(now);

  expect(received).toMatchObject({ receiveCount: 4, firstReceivedAt: 1 });
  expect(dead).toEqual([]);
});

test('with 120,000 messages in flight a short poll is refused, and a long poll waits for a deletion', async () => {
  const { queue, clock, send } = standardQueue();
  for (let i = 0; i <= IN_FLIGHT_LIMIT; i += 1) send('x');
  const handles: string[] = [];
  for (let i = 0; i < IN_FLIGHT_LIMIT; i += 10)
    for (const { receiptHandle } of await queue.receive(now)) handles.push(receiptHandle);

  await expect(queue.receive(now)).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
  const waiting = queue.receive({ max: 10, waitMs: 20_000 });
  clock.advance(1_000);
  queue.delete(handles[0] ?? '');

  expect(await waiting).toHaveLength(1);
});

test('purging takes everything, in flight or delayed', async () => {
  const { queue, send } = standardQueue();
  send('in flight');
  await queue.receive(now);
  send('delayed', 10_000);
  send('waiting');

  queue.purge();

  expect(queue.depth()).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
});

test('looking at messages disturbs nothing', async () => {
  const { queue, send } = standardQueue();
  send('a');
  send('b');

  const seen = queue.peek(1).map(({ body }) => body);
  const [received] = await queue.receive({ max: 1, waitMs: 0 });

  expect(seen).toEqual(['a']);
  expect(received).toMatchObject({ message: { body: 'a' }, receiveCount: 1 });
});

test('the depth tells visible, in flight and delayed messages apart, and the age of the oldest', async () => {
  const { queue, clock, send } = standardQueue();
  send('in flight');
  await queue.receive(now);
  clock.advance(5_000);
  send('waiting');
  send('delayed', 10_000);

  expect(queue.depth()).toEqual({ visible: 1, notVisible: 1, delayed: 1, oldestMs: 5_000 });
});
