import { pass } from '../kafka/fake-broker.ts';
import { gate, kafkaMapping } from './kafka-mapping.ts';

test('a broker that is away when the poller starts is waited for, with one line that says so and one when it is there', async () => {
  const { start, broker, clock, invoked, said, base } = kafkaMapping(() => undefined);
  broker.append(0, 'a');
  broker.away = true;

  await start();
  await pass(clock, 60_000);
  expect(said).toEqual([
    'local cloud: PollFailed: counter cannot read the topic activity of 127.0.0.1:9092: connect ECONNREFUSED 127.0.0.1:9092. It tries until it can.',
  ]);
  broker.away = false;
  await pass(clock, 2_000);

  expect(said.slice(1)).toEqual(['local cloud: counter reads the topic activity again.']);
  expect(invoked.map(({ values }) => values)).toEqual([['a']]);
  expect(base.trace.events().filter(({ action }) => action === 'PollFailed').length).toBeGreaterThan(10);
});

test('so is one that a group is to begin at a time of', async () => {
  const { start, broker, clock, said, invoked } = kafkaMapping(() => undefined, {
    settings: { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 0 },
  });
  broker.append(0, 'a');
  broker.away = true;

  await start();
  await pass(clock, 10_000);
  broker.away = false;
  await pass(clock, 2_000);

  expect(said).toHaveLength(2);
  expect(invoked).toHaveLength(1);
});

test('a member whose client gives up is replaced, and each new outage is told once', async () => {
  const { start, broker, clock, said, invoked } = kafkaMapping(() => undefined);
  await start();

  for (const value of ['a', 'b']) {
    broker.away = true;
    broker.members[0]?.crash(false);
    broker.append(0, value);
    await pass(clock, 10_000);
    broker.away = false;
    await pass(clock, 2_000);
  }

  expect(invoked.map(({ values }) => values)).toEqual([['a'], ['b']]);
  expect(said).toHaveLength(4);
  expect(broker.members).toHaveLength(1);
});

test('what passes by itself is in the trace, and nobody is told', async () => {
  const { start, broker, clock, said, invoked, base } = kafkaMapping(() => undefined);
  await start();

  broker.members[0]?.crash(false);
  broker.append(0, 'a');
  await pass(clock, 10_000);

  expect(said).toEqual([]);
  expect(base.trace.events().some(({ action }) => action === 'PollFailed')).toBe(true);
  expect(invoked).toHaveLength(1);
});

test('a mapping ends while its broker is away', async () => {
  const { start, broker, clock, mappings, said } = kafkaMapping(() => undefined);
  broker.away = true;
  await start();

  const closed = mappings.close();
  await pass(clock, 10_000);

  await expect(closed).resolves.toBeUndefined();
  expect(said).toEqual([]);
});

test('the end waits for what a member had in work whose client gave up', async () => {
  const { opened, open } = gate();
  const { start, broker, clock, mappings, invoked } = kafkaMapping(async () => {
    await opened;
    return undefined;
  });
  broker.append(0, 'a');
  await start();
  await pass(clock, 500);
  broker.away = true;
  broker.members[0]?.crash(false);
  await pass(clock, 5_000);
  let closed = false;

  const closing = mappings.close().then(() => {
    closed = true;
  });
  await pass(clock, 10_000);

  expect(invoked).toHaveLength(1);
  expect(closed).toBe(false);
  open();
  await expect(closing).resolves.toBeUndefined();
});
