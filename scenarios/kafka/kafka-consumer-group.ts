import { randomUUID } from 'node:crypto';
import { until } from '../app/until.ts';
import { type Scenario, scenario } from '../scenario.ts';
import { type KafkaDoor, withOwnTopic, withProducer } from './app/door.ts';
import { type Handled, Member } from './app/member.ts';

const PARTITIONS = 6;
const MEMBERS = 3;
const KEYS = Array.from({ length: 36 }, (_, index) => `key-${index}`);
const ROUNDS = 20;
const REBALANCED = { timeoutMs: 60_000, everyMs: 50 };

export const kafkaConsumerGroup = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-consumer-group',
    'log',
    'three members share six partitions; one dies, and the others go on where it was: nothing is lost',
    async ({ check, hop }) =>
      withOwnTopic(door, PARTITIONS, async (topic) => {
        const groupId = `scenario-${randomUUID()}`;
        const members = Array.from({ length: MEMBERS }, () => new Member(door, topic, groupId));
        try {
          await until('the partitions to be shared', () => shares(members), shared(MEMBERS), REBALANCED);
          hop(`${MEMBERS} members have joined`);
          check(
            'each partition has one member, and each member its share',
            shared(MEMBERS)(shares(members)),
            shares(members),
          );

          const [victim, ...survivors] = members;
          if (!victim) throw new Error('there is no member');
          const lostPartitions = victim.assigned ?? [];
          const produced = produce(door, topic);
          await until(
            'the victim to be at work',
            () => victim.handled.length,
            (count) => count > 20,
          );
          await victim.kill();
          hop('one of them killed in the middle of its work');
          await until('its partitions to move', () => shares(survivors), shared(MEMBERS - 1), REBALANCED);
          hop('its partitions have moved to the others');
          check(
            'the survivors have all partitions',
            shared(MEMBERS - 1)(shares(survivors)),
            shares(survivors),
          );

          const expected = await produced;
          const handled = (): Handled[] => members.flatMap((member) => member.handled);
          const seen = await until(
            'everything to be handled',
            () => new Set(handled().map(({ key, value }) => `${key}/${value}`)).size,
            (count) => count >= expected,
            { timeoutMs: 60_000, everyMs: 100 },
          );
          check('nothing is lost', seen === expected, { produced: expected, handled: seen });
          const again = repeated(handled());
          check(
            'only what the dead member had not committed was handled again',
            again.every(({ partition }) => lostPartitions.includes(partition)),
            {
              again: again.length,
              partitions: [...new Set(again.map(({ partition }) => partition))],
              lostPartitions,
            },
          );
          check(
            'each member saw the records of a partition in order',
            members.every((member) => inOrder(member.handled)),
          );
        } finally {
          await Promise.all(members.map((member) => member.stop()));
        }
      }),
  );

const shares = (members: readonly Member[]) => members.map(({ assigned = [] }) => assigned);

/** Whether so many members have all partitions between them, none of them twice, and none of the members is idle. */
const shared =
  (count: number) =>
  (parts: readonly (readonly number[])[]): boolean =>
    parts.length === count &&
    parts.every(({ length }) => length > 0) &&
    parts.flat().length === PARTITIONS &&
    new Set(parts.flat()).size === PARTITIONS;

/** @returns how many records there are in the end */
const produce = (door: KafkaDoor, topic: string): Promise<number> =>
  withProducer(door, async (producer) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const messages = KEYS.map((key) => ({ key, value: String(round) }));
      await producer.send({ topic, acks: -1, messages });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return KEYS.length * ROUNDS;
  });

const repeated = (handled: readonly Handled[]): Handled[] => {
  const seen = new Set<string>();
  return handled.filter(({ partition, offset }) => {
    const id = `${partition}/${offset}`;
    return seen.size === seen.add(id).size;
  });
};

const inOrder = (handled: readonly Handled[]): boolean =>
  [...Map.groupBy(handled, ({ partition }) => partition).values()].every((records) =>
    records.every(({ offset }, index) => index === 0 || offset > (records[index - 1]?.offset ?? -1)),
  );
