import { randomUUID } from 'node:crypto';
import { nameOf, PATIENTLY } from '../app/activity.ts';
import { setConsuming } from '../app/consumers.ts';
import { until } from '../app/until.ts';
import { type Scenario, scenario } from '../scenario.ts';
import { type KafkaDoor, withProducer } from './app/door.ts';
import { failuresOf } from './app/failures.ts';
import { OwnEvents } from './app/own-events.ts';

const SUBJECT = 'poisoned-subject';
const GOOD_BEFORE = 10;
const GOOD_AFTER = 10;

export const kafkaPoison = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-poison',
    'log',
    'a record that cannot be read is isolated and kept with its cause; its partition moves on and loses nothing else',
    async ({ app, check, hop }) => {
      const topic = app.output('KafkaActivityTopicName');
      const consumers = {
        counting: app.output('KafkaCountActivityFunctionName'),
        archiving: app.output('KafkaArchiveActivityFunctionName'),
      };
      const events = await OwnEvents.begin(app);
      const poison = `this is not JSON: ${randomUUID()}`;
      const good = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => events.event(SUBJECT, from + index));

      // While nobody reads, everything gathers in one partition: the poison comes in the middle of a batch.
      for (const consumer of Object.values(consumers)) await setConsuming(app, consumer, false);
      try {
        const messages = [
          ...good(0, GOOD_BEFORE),
          { ...events.event(SUBJECT, -1), value: poison },
          ...good(GOOD_BEFORE, GOOD_AFTER),
        ];
        await withProducer(door, (producer) => producer.send({ topic, acks: -1, messages }));
        hop('a poison record produced among good ones of the same partition');
      } finally {
        for (const consumer of Object.values(consumers)) await setConsuming(app, consumer, true);
      }

      const put = GOOD_BEFORE + GOOD_AFTER;
      const counted = await until(
        'the good records to be counted',
        () => events.counted(),
        (count) => count >= put,
        PATIENTLY,
      );
      hop('the good ones before and behind it are counted');
      check('the partition moves on, and every good record is counted once', counted === put, {
        counted,
        put,
      });
      const archived = await until(
        'them to be archived',
        () => events.archived(),
        ({ length }) => length >= put,
        PATIENTLY,
      );
      check(
        'every good record is archived once, in order',
        archived.map(nameOf).join() === Array.from({ length: put }, (_, n) => `${SUBJECT}/${n}`).join(),
        { archived: archived.length },
      );
      for (const [what, consumer] of Object.entries(consumers)) {
        const failures = await until(
          `what the ${what} consumer gave up`,
          () => failuresOf(app, consumer, poison),
          ({ length }) => length > 0,
          PATIENTLY,
        );
        const [failure] = failures;
        check(
          `what the ${what} consumer gave up is the poison alone, whole`,
          failure?.values.join() === poison && failures.length === 1,
          failure?.values,
        );
        check(
          'its cause is kept beside it',
          failure?.condition === 'RetryAttemptsExhausted' && failure.invocations > 1,
          failure && {
            condition: failure.condition,
            invocations: failure.invocations,
            partition: failure.partition,
          },
        );
      }
    },
  );
