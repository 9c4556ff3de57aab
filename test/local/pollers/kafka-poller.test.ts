import { pass } from '../kafka/fake-broker.ts';
import { gate, type Invoked, kafkaMapping } from './kafka-mapping.ts';

const failingAt =
  (value: string) =>
  ({ values }: Invoked) =>
    values.includes(value) ? value : undefined;

/** More than all pauses between six attempts. */
const ALL_ATTEMPTS = 5_000;

test('a poisoned partition holds up no other: what comes there is handled while the poison is tried again', async () => {
  const { start, broker, clock, of, givenUp } = kafkaMapping(failingAt('poison'));
  broker.append(0, 'poison', 'behind');
  broker.append(1, 'early');

  await start();
  await pass(clock, 500);
  broker.append(1, 'late');
  await pass(clock, 800);

  expect(of(1).flatMap(({ values }) => values)).toEqual(['early', 'late']);
  expect(broker.committed).toEqual(new Map([[1, 2]]));
  expect(givenUp).toEqual([]);
  await pass(clock, ALL_ATTEMPTS);
  expect(givenUp).toHaveLength(1);
  expect(of(0).at(-1)?.values).toEqual(['behind']);
  expect(broker.committed).toEqual(
    new Map([
      [0, 2],
      [1, 2],
    ]),
  );
});

test('a function that hangs at one partition holds up neither the others nor the signs of life', async () => {
  const { opened } = gate();
  const { start, broker, clock, of } = kafkaMapping(async ({ values }) => {
    if (values.includes('hang')) await opened;
    return undefined;
  });
  broker.append(0, 'hang');
  await start();
  const before = broker.members[0]?.heartbeats ?? 0;

  await pass(clock, 2_000);
  broker.append(1, 'other');
  await pass(clock, 1_000);

  expect(of(1)).toHaveLength(1);
  expect(of(0)).toHaveLength(1);
  expect(broker.members[0]?.heartbeats).toBeGreaterThan(before + 5);
});

test('who loses a partition in the middle commits nothing of it; the next one begins when that invocation has ended', async () => {
  const first = gate();
  const second = gate();
  const turns = [first, second];
  const { start, broker, clock, of } = kafkaMapping(
    async () => {
      await turns.shift()?.opened;
      return undefined;
    },
    { settings: { ProvisionedPollerConfig: { MinimumPollers: 2 } } },
  );
  await start();
  broker.append(0, 'a');
  await pass(clock, 1_000);

  broker.assign([1], [0]);
  await pass(clock, 1_000);
  expect(of(0)).toHaveLength(1);
  first.open();
  await pass(clock, 1_000);

  expect(of(0).map(({ values }) => values)).toEqual([['a'], ['a']]);
  expect(broker.committed.get(0)).toBeUndefined();
  second.open();
  await pass(clock, 1_000);
  expect(broker.committed.get(0)).toBe(1);
});

test('a partition that comes back to a member is fetched again', async () => {
  const { opened, open } = gate();
  const { start, broker, clock, of } = kafkaMapping(async ({ values }) => {
    if (values.includes('a')) await opened;
    return undefined;
  });
  await start();
  broker.append(0, 'a');
  await pass(clock, 500);

  broker.assign([1]);
  await pass(clock, 500);
  broker.assign([0, 1]);
  open();
  await pass(clock, 1_000);

  expect(of(0)).toHaveLength(2);
  expect(broker.committed.get(0)).toBe(1);
});

test('who keeps a partition when the group changes goes on counting its attempts', async () => {
  const { start, broker, clock, of, givenUp } = kafkaMapping(failingAt('poison'));
  broker.append(0, 'poison');
  await start();
  await pass(clock, 500);

  broker.rebalance();
  await pass(clock, ALL_ATTEMPTS);

  expect(of(0)).toHaveLength(6);
  expect(givenUp).toHaveLength(1);
});

test('who was taken for dead begins again at what was committed', async () => {
  const { start, broker, clock, of, givenUp } = kafkaMapping(failingAt('poison'));
  broker.append(0, 'good', 'poison');
  await start();
  await pass(clock, 500);
  const before = of(0).length;

  broker.members[0]?.expire();
  await pass(clock, ALL_ATTEMPTS + 1_000);

  expect(of(0).length).toBeGreaterThanOrEqual(before + 6);
  expect(givenUp).toMatchObject([{ object: { requestContext: { approximateInvokeCount: 6 } } }]);
  expect(of(0).filter(({ values }) => values.includes('good'))).toHaveLength(1);
  expect(broker.committed.get(0)).toBe(2);
});

test('what is in work when the mapping ends is still committed, and nothing is begun', async () => {
  const { opened, open } = gate();
  const { start, mappings, broker, clock, invoked } = kafkaMapping(
    async () => {
      await opened;
      return undefined;
    },
    { settings: { BatchSize: 1 } },
  );
  broker.append(0, 'a', 'b');
  await start();
  await pass(clock, 500);

  const closed = mappings.close();
  await pass(clock, 500);
  open();
  await pass(clock, 500);
  await closed;

  expect(invoked.map(({ values }) => values)).toEqual([['a']]);
  expect(broker.committed.get(0)).toBe(1);
  expect(broker.members).toEqual([]);
});

test('what is done while the broker is away is committed when it is back, and not done again', async () => {
  const { opened, open } = gate();
  const { start, broker, clock, invoked } = kafkaMapping(async () => {
    await opened;
    return undefined;
  });
  broker.append(0, 'a');
  await start();
  await pass(clock, 500);

  broker.away = true;
  open();
  await pass(clock, 2_000);
  expect(broker.committed.get(0)).toBeUndefined();
  broker.away = false;
  await pass(clock, 2_000);

  expect(broker.committed.get(0)).toBe(1);
  expect(invoked).toHaveLength(1);
});

test('records are gathered for the window, which begins with the first of them', async () => {
  const { start, broker, clock, invoked } = kafkaMapping(() => undefined, {
    settings: { MaximumBatchingWindowInSeconds: 20 },
  });
  await start();

  broker.append(0, 'a');
  await pass(clock, 15_000);
  broker.append(0, 'b');
  await pass(clock, 4_000);
  expect(invoked).toEqual([]);
  await pass(clock, 2_000);

  expect(invoked.map(({ values }) => values)).toEqual([['a', 'b']]);
});

test('a full batch does not wait for the window', async () => {
  const { start, broker, clock, invoked } = kafkaMapping(() => undefined, {
    settings: { MaximumBatchingWindowInSeconds: 20, BatchSize: 2 },
  });
  await start();

  broker.append(0, 'a', 'b');
  await pass(clock, 1_000);

  expect(invoked.map(({ values }) => values)).toEqual([['a', 'b']]);
});

test('one that becomes full within the window does not wait for its end', async () => {
  const { start, broker, clock, invoked } = kafkaMapping(() => undefined, {
    settings: { MaximumBatchingWindowInSeconds: 20, BatchSize: 2 },
  });
  await start();

  broker.append(0, 'a');
  await pass(clock, 5_000);
  expect(invoked).toEqual([]);
  broker.append(0, 'b');
  await pass(clock, 2_000);

  expect(invoked.map(({ values }) => values)).toEqual([['a', 'b']]);
});
