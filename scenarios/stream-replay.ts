import type { App } from './app/app.ts';
import { type From, fromTheBeginning, LineageReader, type Seen } from './app/lineage-reader.ts';
import { outOfOrder } from './app/order.ts';
import { withOwnStream } from './app/own-stream.ts';
import { withOwnTopic } from './app/own-topic.ts';
import { putRecords, type Written } from './app/stream-writer.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

const KEYS = ['red', 'green', 'blue'];
const ROUNDS = 20;
const LATER_ROUNDS = 10;

export const streamReplay = scenario(
  'stream-replay',
  'stream',
  'whoever reads a stream for the first time sees its history; whoever subscribes to a topic late sees none',
  async (stage) => {
    await streamHasHistory(stage);
    await topicHasNone(stage);
  },
);

const streamHasHistory = async ({ app, check, hop }: Stage): Promise<void> =>
  withOwnStream(app, 2, async (name) => {
    await put(app, name, 0, ROUNDS);
    // Arrival times are approximate: what is to be told apart by them should not come at the same moment.
    await app.passTime(1_000);
    await put(app, name, ROUNDS, LATER_ROUNDS);
    hop('everything was put before anybody read');

    const all = KEYS.length * (ROUNDS + LATER_ROUNDS);
    const history = await readAll(app, name, fromTheBeginning, all);
    check(
      'a new consumer from the start sees everything',
      new Set(history.map(nameOf)).size === all && history.length === all,
      {
        put: all,
        seen: history.length,
      },
    );
    check(
      'in the order of each key',
      outOfOrder(history.map(numberOf)).length === 0,
      outOfOrder(history.map(numberOf)),
    );

    const later = history.filter((seen) => numberOf(seen).n >= ROUNDS);
    const Timestamp = new Date(Math.min(...later.map(({ at }) => at.getTime())));
    const since = await readAll(app, name, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp }, later.length);
    check(
      'one from a point in time sees exactly what came since',
      since.map(nameOf).toSorted().join() === later.map(nameOf).toSorted().join(),
      { from: Timestamp.toISOString(), put: later.length, seen: since.length },
    );
    const again = await readAll(app, name, fromTheBeginning, all);
    check(
      'reading takes nothing away: the next one sees the same',
      again.map(nameOf).toSorted().join() === history.map(nameOf).toSorted().join(),
      {
        seen: again.length,
      },
    );
  });

const put = async (app: App, name: string, from: number, rounds: number): Promise<void> => {
  for (let n = from; n < from + rounds; n += 1) {
    await putRecords(
      app,
      name,
      KEYS.map((key): Written => ({ key, text: String(n) })),
    );
  }
};

/** Reads until `expected` records are there, and once more for what should not be. */
const readAll = async (app: App, name: string, from: From, expected: number): Promise<readonly Seen[]> => {
  const reader = new LineageReader(app, name, from);
  await until(
    `${expected} records`,
    () => reader.readOn(),
    ({ length }) => length >= expected,
    { everyMs: 250 },
  );
  return reader.readOn();
};

const numberOf = ({ key, text }: Seen) => ({ key, n: Number(text) });
const nameOf = ({ key, text }: Seen): string => `${key}/${text}`;

const topicHasNone = async ({ app, check, hop }: Stage): Promise<void> =>
  withOwnTopic(app, async (topic) => {
    const early = await topic.subscribe();
    const old = Array.from({ length: 10 }, (_, n) => `old-${n}`);
    for (const text of old) await topic.publish(text);
    const seenEarly = await early.receive(old.length);
    check(
      'who had subscribed before has a copy of each',
      seenEarly.toSorted().join() === old.toSorted().join(),
      seenEarly.length,
    );

    const late = await topic.subscribe();
    hop('a subscriber comes late');
    await topic.publish('new');
    const seenLate = await late.receive(1);
    check(
      'who subscribes late sees what is published from then on, and no history',
      seenLate.join() === 'new',
      seenLate,
    );
  });
