import { randomUUID } from 'node:crypto';
import { nameOf, OwnActivity, PATIENTLY } from './app/activity.ts';
import type { App } from './app/app.ts';
import { setConsuming } from './app/consumers.ts';
import { LineageReader } from './app/lineage-reader.ts';
import { outOfOrder } from './app/order.ts';
import { withOwnStream } from './app/own-stream.ts';
import { mergeShards, splitShard } from './app/resharding.ts';
import { putRecords } from './app/stream-writer.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

const KEYS = Array.from({ length: 30 }, (_, index) => `key-${index}`);
const READ_EVERY_MS = 250;

export const stream = scenario(
  'stream',
  'stream',
  'order per key holds while shards split and merge; two consumers read everything, each at its own pace',
  async (stage) => {
    await domainEvents(stage);
    await orderOverResharding(stage);
    await ownPace(stage);
  },
);

/** Nobody puts them there by hand: the services tell a topic, and one of its subscribers feeds the stream. */
const domainEvents = async ({ app, check, hop }: Stage): Promise<void> => {
  const applied = await OwnActivity.begin(app, 'serverless-ipc.edit.applied.v1');
  const imageId = randomUUID();
  const answer = await app.fetch(`/v1/images/${imageId}/edits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ op: 'flip' }),
  });
  hop(`an edit is asked for: ${answer.status}`);
  const [event] = await until(
    'the applied edit to be archived',
    async () => (await applied.archived()).filter((line) => line.event.subject === imageId),
    ({ length }) => length > 0,
    PATIENTLY,
  );
  check(
    'what happens in the service is in its activity, where the service itself put it',
    event !== undefined && nameOf(event) === `${imageId}/1`,
    {
      type: event?.event.type,
      shard: event?.partition,
    },
  );
};

const orderOverResharding = async ({ app, check, hop }: Stage): Promise<void> =>
  withOwnStream(app, 2, async (name) => {
    const reader = new LineageReader(app, name);
    const producer = produce(app, name);

    await producer.rounds(3);
    await splitShard(app, name);
    hop('a shard split in two, while records come');
    await producer.rounds(3);
    await mergeShards(app, name);
    hop('two shards merged into one, while records come');
    await producer.rounds(3);
    const rounds = await producer.stop();

    const put = KEYS.length * rounds;
    const seen = await until(
      `${put} records`,
      () => reader.readOn(),
      ({ length }) => length >= put,
      { timeoutMs: 60_000, everyMs: READ_EVERY_MS },
    );
    const numbered = seen.map(({ key, text }) => ({ key, n: Number(text) }));
    check('every record is there once', seen.length === put, { put, seen: seen.length });
    check(
      'the records of each key are in the order in which they were put',
      outOfOrder(numbered).length === 0,
      {
        keys: KEYS.length,
        recordsOfEach: rounds,
        outOfOrder: outOfOrder(numbered),
      },
    );
    const moved = [...Map.groupBy(seen, ({ key }) => key).values()].filter(
      (records) => new Set(records.map(({ shard }) => shard)).size > 1,
    );
    check('keys have moved between shards meanwhile', moved.length > 0, {
      moved: moved.length,
      shards: [...new Set(seen.map(({ shard }) => shard))].toSorted(),
    });
  });

/** Puts one record of each key, round after round, in the background: a round begins when the one before was taken. */
const produce = (app: App, name: string) => {
  let round = 0;
  let stopped = false;
  const running = (async () => {
    for (; !stopped; round += 1) {
      await putRecords(
        app,
        name,
        KEYS.map((key) => ({ key, text: String(round) })),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    /** Waits for so many more. */
    async rounds(more: number): Promise<void> {
      const goal = round + more;
      await Promise.race([
        running,
        until(
          `round ${goal}`,
          () => round,
          (at) => at >= goal,
        ),
      ]);
    },
    async stop(): Promise<number> {
      stopped = true;
      await running;
      return round;
    },
  };
};

const ownPace = async ({ app, check, hop }: Stage): Promise<void> => {
  const counter = app.output('CountActivityFunctionName');
  const activity = await OwnActivity.begin(app);
  const subjects = Array.from({ length: 20 }, (_, index) => `subject-${index}`);
  const rounds = Array.from({ length: 10 }, (_, n) => subjects.map((subject) => activity.record(subject, n)));
  const put = rounds.flat().length;

  await setConsuming(app, counter, false);
  try {
    for (const round of rounds) await activity.put(round);
    hop(`${put} records put, while one of the two consumers is off`);
    const archived = await until(
      `${put} archived records`,
      () => activity.archived(),
      ({ length }) => length >= put,
      PATIENTLY,
    );
    hop('the other one has them all');
    check('a consumer that is off does not hold up the other', archived.length === put, {
      archived: archived.length,
      counted: await activity.counted(),
    });
    check('each record is archived once', new Set(archived.map(nameOf)).size === put, {
      different: new Set(archived.map(nameOf)).size,
    });
    const numbered = archived.map((line) => ({
      key: line.event.subject,
      n: Number(nameOf(line).split('/')[1]),
    }));
    check(
      'the archive keeps the order of each subject',
      outOfOrder(numbered).length === 0,
      outOfOrder(numbered),
    );
    check(
      'the consumer that is off has read nothing',
      (await activity.counted()) === 0,
      await activity.counted(),
    );
  } finally {
    await setConsuming(app, counter, true);
  }

  const counted = await until(
    `${put} counted records`,
    () => activity.counted(),
    (count) => count >= put,
    PATIENTLY,
  );
  hop('the first one is back, and has caught up');
  check('it has everything that came meanwhile, each once', counted === put, { counted, put });
};
