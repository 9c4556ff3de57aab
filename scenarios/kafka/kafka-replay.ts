import { PATIENTLY } from '../app/activity.ts';
import { outOfOrder } from '../app/order.ts';
import { until } from '../app/until.ts';
import { type Scenario, scenario } from '../scenario.ts';
import { type KafkaDoor, withAdmin, withProducer } from './app/door.ts';
import { OwnEvents } from './app/own-events.ts';
import { endOffsets, type ReadRecord, readTopic } from './app/read-topic.ts';

const SUBJECTS = Array.from({ length: 12 }, (_, index) => `subject-${index}`);
const ROUNDS = 10;

export const kafkaReplay = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-replay',
    'log',
    'history can be read again, from the beginning, an offset or a time, by whoever wants and as often',
    async ({ app, check, hop }) => {
      const topic = app.output('KafkaActivityTopicName');
      const events = await OwnEvents.begin(app);
      const began = await endOffsets(door, topic);
      const produce = (from: number, to: number) =>
        withProducer(door, async (producer) => {
          for (let n = from; n < to; n += 1)
            await producer.send({
              topic,
              acks: -1,
              messages: SUBJECTS.map((subject) => events.event(subject, n)),
            });
        });
      const ours = (records: readonly ReadRecord[]) =>
        records
          .filter(({ headers }) => headers.ce_type === events.type)
          .map(({ key, value }) => ({ key, n: Number(JSON.parse(value).n) }));

      const put = SUBJECTS.length * ROUNDS;
      await produce(0, ROUNDS / 2);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const middle = Date.now();
      const atMiddle = await endOffsets(door, topic);
      await produce(ROUNDS / 2, ROUNDS);
      await until(
        'the consumers to have read everything',
        () => events.counted(),
        (count) => count >= put,
        PATIENTLY,
      );
      hop(`${put} events produced, and counted`);

      const first = ours(await readTopic(door, topic));
      check('a new group gets all of history', first.length === put, { got: first.length, put });
      check('in the order of each key', outOfOrder(first).length === 0, outOfOrder(first));
      const again = ours(await readTopic(door, topic, { offsets: began }));
      check('read again from an offset, it is the same', same(first, again), { got: again.length });

      const byTime = await withAdmin(door, (admin) => admin.fetchTopicOffsetsByTimestamp(topic, middle));
      const found = new Map(byTime.map(({ partition, offset }) => [partition, BigInt(offset)]));
      check(
        'a time leads to the offsets that were the last then',
        [...atMiddle].every(([partition, offset]) => found.get(partition) === offset),
        Object.fromEntries([...found].map(([partition, offset]) => [partition, Number(offset)])),
      );
      const later = ours(await readTopic(door, topic, { offsets: found }));
      check(
        'from there come the later half, and nothing of the earlier',
        later.length === put / 2 && later.every(({ n }) => n >= ROUNDS / 2),
        { got: later.length },
      );
      check("reading again changes nothing for the app's own groups", (await events.counted()) === put, {
        counted: await events.counted(),
      });
    },
  );

type Numbered = readonly { key: string; n: number }[];

const byKey = (records: Numbered): string =>
  JSON.stringify(
    [...Map.groupBy(records, ({ key }) => key)].toSorted(([one], [other]) => one.localeCompare(other)),
  );

const same = (one: Numbered, other: Numbered): boolean => byKey(one) === byKey(other);
