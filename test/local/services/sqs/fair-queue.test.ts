import { bodies, now, standardQueue } from './engines.ts';

/** A queue in which one tenant has so many messages in flight, and more of them waiting. */
const withNeighbour = async (inFlight: number) => {
  const fixture = standardQueue();
  for (let i = 0; i < inFlight + 20; i += 1) fixture.send(`loud ${i}`, 0, 'loud');
  const taken = [];
  while (taken.length < inFlight)
    taken.push(...(await fixture.queue.receive({ ...now, max: Math.min(10, inFlight - taken.length) })));
  return { ...fixture, taken };
};

test('messages of quiet tenants, and those without a group, go past the backlog of a noisy neighbour', async () => {
  const { queue, send } = await withNeighbour(30);
  send('quiet', 0, 'quiet');
  send('alone');

  const received = await queue.receive(now);

  expect(bodies(received).slice(0, 3)).toEqual(['quiet', 'alone', 'loud 30']);
});

test('a tenant with fewer than 30 messages in flight is no noisy neighbour, whatever its share', async () => {
  const { queue, send } = await withNeighbour(29);
  send('quiet', 0, 'quiet');

  const received = await queue.receive(now);

  expect(bodies(received)).not.toContain('quiet');
});

test('a tenant with at most a tenth of the messages in flight is no noisy neighbour, however many they are', async () => {
  const { queue, send } = standardQueue();
  for (let i = 0; i < 270; i += 1) send(`${i}`, 0, `tenant ${i}`);
  for (let i = 0; i < 40; i += 1) send(`large ${i}`, 0, 'large');
  for (let i = 0; i < 30; i += 1) await queue.receive(now);
  send('late', 0, 'late');

  const received = await queue.receive({ ...now, max: 5 });

  expect(bodies(received)).toEqual(['large 30', 'large 31', 'large 32', 'large 33', 'large 34']);
});

test('once its messages are handled, a noisy neighbour has its turn again, in its order', async () => {
  const { queue, send, taken } = await withNeighbour(30);
  send('quiet', 0, 'quiet');
  await queue.receive({ ...now, max: 1 });
  send('later', 0, 'quiet');

  for (const { receiptHandle } of taken) queue.delete(receiptHandle);
  const received = await queue.receive({ ...now, max: 3 });

  expect(bodies(received)).toEqual(['loud 30', 'loud 31', 'loud 32']);
});

test('of several noisy neighbours, the one with the fewest messages in flight comes first', async () => {
  const { queue, send } = await withNeighbour(40);
  for (let i = 0; i < 40; i += 1) send(`second ${i}`, 0, 'second');
  for (let i = 0; i < 3; i += 1) await queue.receive(now);

  const received = await queue.receive({ ...now, max: 2 });

  expect(bodies(received)).toEqual(['second 30', 'second 31']);
});

test('nothing is lost when a noisy neighbour gives back, sends more, or lets its timeouts pass', async () => {
  const { queue, clock, send } = await withNeighbour(30);
  send('more', 0, 'loud');
  send('quiet', 0, 'quiet');
  const [first] = await queue.receive({ ...now, max: 1 });
  if (first) queue.changeVisibility(first.receiptHandle, 0);

  clock.advance(30_000);
  const all = [];
  for (let batch = await queue.receive(now); batch.length > 0; batch = await queue.receive(now))
    all.push(...bodies(batch));

  expect(new Set(all).size).toBe(52);
});
