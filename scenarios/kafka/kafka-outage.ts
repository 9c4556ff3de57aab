import { nameOf, PATIENTLY } from '../app/activity.ts';
import { until } from '../app/until.ts';
import { type Stage, scenario } from '../scenario.ts';
import { clientOf, type KafkaDoor, type KafkaScenario, withOwnTopic, withProducer } from './app/door.ts';
import { OwnEvents } from './app/own-events.ts';
import { readTopic } from './app/read-topic.ts';
import { type Producing, startProducing } from './app/steady-producer.ts';

const PRODUCERS = 4;
const AWAY_MS = 2_000;
const NOT_OURS = 'it kills the broker, and this one was not started here';

export const kafkaOutage = (door: KafkaDoor): KafkaScenario => ({
  ...scenario(
    'kafka-outage',
    'log',
    'the broker is killed with producers running and comes back on its log: every acknowledged record is there',
    async (stage) => {
      const { outage } = door;
      if (!outage) throw new Error(NOT_OURS);
      await withOwnTopic(door, 3, (topic) => survive(stage, door, topic, outage));
      await goOn(stage, door);
    },
  ),
  leftOut: door.outage ? undefined : NOT_OURS,
});

const survive = async (
  { check, hop }: Stage,
  door: KafkaDoor,
  topic: string,
  outage: NonNullable<KafkaDoor['outage']>,
): Promise<void> => {
  const producers = await Promise.all(
    Array.from({ length: PRODUCERS }, (_, index) =>
      startProducing(clientOf(door), topic, `producer-${index}`),
    ),
  );
  const acknowledged = () => producers.flatMap((producer) => producer.acknowledged);
  await until(
    'records to be acknowledged',
    () => acknowledged().length,
    (count) => count > 100,
  );
  await outage.kill();
  const before = acknowledged().length;
  hop(`the broker killed, with ${before} records acknowledged`);
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  check('while it is away nothing is acknowledged', acknowledged().length - before <= PRODUCERS, {
    before,
    after: acknowledged().length,
  });
  await outage.restart();
  hop('the broker is back on its log');
  const back = acknowledged().length;
  await until(
    'every producer to go on',
    () => producers.map(countOf),
    (counts) => counts.every((count) => count > back / PRODUCERS / 2 + 5),
    {
      timeoutMs: 60_000,
    },
  );
  await until(
    'more records',
    () => acknowledged().length,
    (count) => count > back + 50,
    { timeoutMs: 60_000 },
  );
  await Promise.all(producers.map((producer) => producer.stop()));
  hop('the producers went on, and have stopped');

  const there = (await readTopic(door, topic)).map(({ key, value }) => `${key}/${value}`);
  const once = new Set(there);
  const lost = acknowledged().filter((record) => !once.has(record));
  check('every acknowledged record is there', lost.length === 0, {
    acknowledged: acknowledged().length,
    there: once.size,
    lost: lost.length,
  });
  check('none is there twice, although producers tried again', there.length === once.size, {
    records: there.length,
  });
  check(
    'the records of each producer are in order',
    producers.every((producer) => sorted(there, producer)),
  );
};

const countOf = ({ acknowledged }: Producing): number => acknowledged.length;

const sorted = (there: readonly string[], { name }: Producing): boolean => {
  const numbers = there
    .filter((record) => record.startsWith(`${name}/`))
    .map((record) => Number(record.split('/')[1]));
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? -1));
};

/** The app's own groups have lost their broker, too. */
const goOn = async ({ app, check, hop }: Stage, door: KafkaDoor): Promise<void> => {
  const topic = app.output('KafkaActivityTopicName');
  const events = await OwnEvents.begin(app);
  const messages = Array.from({ length: 30 }, (_, n) => events.event('after-the-outage', n));
  await withProducer(door, (producer) => producer.send({ topic, acks: -1, messages }));
  const counted = await until(
    'the counting group',
    () => events.counted(),
    (count) => count >= messages.length,
    PATIENTLY,
  );
  const archived = await until(
    'the archiving group',
    () => events.archived(),
    ({ length }) => length >= messages.length,
    PATIENTLY,
  );
  hop("the app's groups have found the broker again");
  check(
    "the app's consumers go on without anybody's help",
    counted === messages.length && new Set(archived.map(nameOf)).size === messages.length,
    { counted, archived: archived.length },
  );
};
