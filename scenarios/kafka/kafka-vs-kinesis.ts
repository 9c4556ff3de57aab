import { nameOf, OwnActivity, PATIENTLY } from '../app/activity.ts';
import type { App } from '../app/app.ts';
import { outOfOrder } from '../app/order.ts';
import { until } from '../app/until.ts';
import { type Scenario, type Stage, scenario } from '../scenario.ts';
import { type KafkaDoor, withProducer } from './app/door.ts';
import { OwnEvents } from './app/own-events.ts';

const SUBJECTS = Array.from({ length: 30 }, (_, index) => `subject-${index}`);
const ROUNDS = 20;
const SAMPLES = 40;

/** One of the two, as the same load sees it. */
interface Contender {
  readonly name: string;
  /** One record for each of the subjects, all with this number. */
  put(subjects: readonly string[], n: number): Promise<void>;
  counted(): Promise<number>;
  archived(): ReturnType<OwnActivity['archived']>;
}

interface Measured {
  readonly broker: string;
  readonly recordsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const kafkaVsKinesis = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-vs-kinesis',
    'log',
    'the same load through both, held to the same guarantees, measured side by side',
    async (stage) => {
      const { app, hop } = stage;
      const topic = app.output('KafkaActivityTopicName');
      const results: Measured[] = [];
      results.push(await contest(stage, await kinesis(app)));
      await withProducer(door, async (producer) => {
        const events = await OwnEvents.begin(app);
        results.push(
          await contest(stage, {
            name: 'Kafka',
            put: async (subjects, n) => {
              const messages = subjects.map((subject) => events.event(subject, n));
              await producer.send({ topic, acks: -1, messages });
            },
            counted: () => events.counted(),
            archived: () => events.archived(),
          }),
        );
      });
      hop('side by side, on this machine: what the brokers cost here, not what they do on AWS');
      for (const { broker, recordsPerSecond, p50Ms, p99Ms } of results)
        hop(
          `${broker.padEnd(8)} ${String(recordsPerSecond).padStart(6)} records/s taken;  put until counted and visible: p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
        );
    },
  );

const kinesis = async (app: App): Promise<Contender> => {
  const activity = await OwnActivity.begin(app);
  return {
    name: 'Kinesis',
    put: (subjects, n) => activity.put(subjects.map((subject) => activity.record(subject, n))),
    counted: () => activity.counted(),
    archived: () => activity.archived(),
  };
};

const contest = async ({ check, hop }: Stage, one: Contender): Promise<Measured> => {
  const put = SUBJECTS.length * ROUNDS;
  const startedAt = performance.now();
  for (let n = 0; n < ROUNDS; n += 1) await one.put(SUBJECTS, n);
  const tookMs = performance.now() - startedAt;
  hop(`${one.name}: ${put} records taken in ${Math.round(tookMs)} ms`);
  const counted = await until(
    'all to be counted',
    () => one.counted(),
    (count) => count >= put,
    PATIENTLY,
  );
  check(`${one.name}: each record is counted once`, counted === put, { counted, put });
  const archived = await until(
    'all to be archived',
    () => one.archived(),
    ({ length }) => length >= put,
    PATIENTLY,
  );
  check(
    `${one.name}: each record is archived once`,
    new Set(archived.map(nameOf)).size === put && archived.length === put,
    {
      archived: archived.length,
    },
  );
  const numbered = archived.map((line) => ({
    key: line.event.subject,
    n: Number(nameOf(line).split('/')[1]),
  }));
  check(
    `${one.name}: the order of each subject is kept`,
    outOfOrder(numbered).length === 0,
    outOfOrder(numbered),
  );
  const latencies = await sample(one, put);
  return {
    broker: one.name,
    recordsPerSecond: Math.round((put / tookMs) * 1000),
    p50Ms: at(latencies, 0.5),
    p99Ms: at(latencies, 0.99),
  };
};

/** One record at a time, from before it is put until its count is visible. */
const sample = async (one: Contender, before: number): Promise<number[]> => {
  const latencies: number[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    const startedAt = performance.now();
    await one.put([`sample-${index}`], 0);
    await until(
      'the sample to be counted',
      () => one.counted(),
      (count) => count > before + index,
      {
        timeoutMs: 60_000,
        everyMs: 2,
      },
    );
    latencies.push(performance.now() - startedAt);
  }
  return latencies.toSorted((one, other) => one - other);
};

const at = (sorted: readonly number[], quantile: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0);
