import { randomUUID } from 'node:crypto';
import { nameOf, OwnActivity, PATIENTLY } from './app/activity.ts';
import { setConsuming } from './app/consumers.ts';
import { failuresOf } from './app/failures.ts';
import { until } from './app/until.ts';
import { scenario } from './scenario.ts';

const GOOD_BEFORE = 10;
const GOOD_AFTER = 10;
const SUBJECT = 'poisoned-subject';

export const streamPoison = scenario(
  'stream-poison',
  'stream',
  'a record that cannot be read is isolated and kept with its cause; its shard moves on and loses nothing else',
  async ({ app, check, hop }) => {
    const consumers = [app.output('CountActivityFunctionName'), app.output('ArchiveActivityFunctionName')];
    const activity = await OwnActivity.begin(app);
    const poison = `this is not JSON: ${randomUUID()}`;
    const good = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => activity.record(SUBJECT, from + index));

    // While nobody reads, everything gathers in one shard: the poison comes in the middle of a batch.
    for (const consumer of consumers) await setConsuming(app, consumer, false);
    try {
      await activity.put(good(0, GOOD_BEFORE));
      await activity.put([{ key: SUBJECT, text: poison }]);
      await activity.put(good(GOOD_BEFORE, GOOD_AFTER));
      hop('a poison record put among good ones of the same shard');
    } finally {
      for (const consumer of consumers) await setConsuming(app, consumer, true);
    }

    const put = GOOD_BEFORE + GOOD_AFTER;
    const counted = await until(
      'the good records to be counted',
      () => activity.counted(),
      (count) => count >= put,
      PATIENTLY,
    );
    hop('the good ones before and behind it are counted');
    check('the shard moves on, and every good record is counted once', counted === put, { counted, put });
    const archived = await until(
      'them to be archived',
      () => activity.archived(),
      ({ length }) => length >= put,
      PATIENTLY,
    );
    check(
      'every good record is archived once, in order',
      archived.map(nameOf).join() ===
        good(0, put)
          .map((_, n) => `${SUBJECT}/${n}`)
          .join(),
      { archived: archived.length },
    );

    for (const [index, what] of ['counting', 'archiving'].entries()) {
      const failures = await until(
        `what the ${what} consumer gave up`,
        () => failuresOf(app, consumers[index] ?? '', poison),
        ({ length }) => length > 0,
        PATIENTLY,
      );
      const [failure] = failures;
      check(
        `what the ${what} consumer gave up is the poison alone, whole`,
        failure?.records.join() === poison,
        failure?.records,
      );
      check(
        `its cause is kept beside it`,
        failure?.condition === 'RetryAttemptsExhausted' && failure.invocations > 1,
        failure && { condition: failure.condition, invocations: failure.invocations, shard: failure.shard },
      );
      check('it was given up once', failures.length === 1, failures.length);
    }
  },
);
