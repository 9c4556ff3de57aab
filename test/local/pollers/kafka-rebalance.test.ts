import fc from 'fast-check';
import { VirtualClock } from '../../../local/clock.ts';
import { pass } from '../kafka/fake-broker.ts';
import { kafkaMapping } from './kafka-mapping.ts';

const PARTITIONS = [0, 1];
const MEMBERS = 2;
/** A member of another process. It is given a partition like those here, and does at once what is there and what comes. */
const STRANGER = MEMBERS;
/** Every member here has learned by then what it has now. */
const LEARNED_MS = 600;
/** What was appended is in work by then. */
const FETCHED_MS = 300;

const step = fc.oneof(
  fc.record({
    what: fc.constant('append' as const),
    partition: fc.constantFrom(...PARTITIONS),
    poison: fc.boolean(),
    ms: fc.constantFrom(50, FETCHED_MS),
  }),
  fc.record({
    what: fc.constant('assign' as const),
    owners: fc.tuple(fc.nat(MEMBERS), fc.nat(MEMBERS)),
  }),
  fc.record({ what: fc.constant('expire' as const), member: fc.nat(MEMBERS - 1) }),
  fc.record({ what: fc.constant('crash' as const), member: fc.nat(MEMBERS - 1) }),
  fc.record({ what: fc.constant('away' as const), away: fc.boolean() }),
  fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 50, max: 1_500 }) }),
);

/** A function that takes a while, fails at poison, and writes down what it has done. */
const watched = (tookMs: number) => {
  const clock = new VirtualClock();
  const inWork = new Set<string>();
  const handled = new Set<string>();
  const faults: string[] = [];
  const mapping = kafkaMapping(
    async ({ partition, values }) => {
      if (inWork.has(partition)) faults.push(`${partition} twice at a time`);
      inWork.add(partition);
      await new Promise<void>((resolve) => clock.after(tookMs, resolve));
      inWork.delete(partition);
      const failed = values.find((value) => value.startsWith('poison'));
      for (const value of failed ? values.slice(0, values.indexOf(failed)) : values) handled.add(value);
      return failed;
    },
    { clock, settings: { ProvisionedPollerConfig: { MinimumPollers: MEMBERS }, MaximumRetryAttempts: 2 } },
  );
  const reached = new Map<number, number>();
  /** Nothing is committed that was neither handled nor given up, and no member takes back what another has committed. */
  const check = (): void => {
    const given = JSON.stringify(mapping.givenUp);
    for (const partition of PARTITIONS) {
      const committed = mapping.broker.committed.get(partition) ?? 0;
      if (committed < (reached.get(partition) ?? 0)) faults.push(`${partition} is committed backwards`);
      reached.set(partition, committed);
      const log = mapping.broker.log(partition).slice(0, committed);
      for (const { value } of log)
        if (!handled.has(String(value)) && !given.includes(String(value?.toString('base64'))))
          faults.push(`${value} is committed, and was not done`);
    }
  };
  const doElsewhere = (partition: number): void => {
    mapping.broker.append(partition, 'elsewhere');
    const log = mapping.broker.log(partition);
    for (const { value } of log) handled.add(String(value));
    mapping.broker.committed.set(partition, log.length);
  };
  return { ...mapping, faults, check, doElsewhere };
};

test('whatever happens to the group and the broker: one invocation of a partition at a time, nothing committed that was not done or taken back, all done in the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.constantFrom(10, 900, 1_500),
      async (steps, tookMs) => {
        const { start, broker, clock, faults, check, doElsewhere } = watched(tookMs);
        await start();

        for (const [index, one] of steps.entries()) {
          if (one.what === 'append')
            broker.append(one.partition, `${one.poison ? 'poison' : 'good'}-${index}`);
          if (one.what === 'assign') {
            const of = (owner: number) => PARTITIONS.filter((partition) => one.owners[partition] === owner);
            broker.assign(...broker.members.map((_, member) => of(member)));
            await pass(clock, LEARNED_MS);
            for (const partition of of(STRANGER)) doElsewhere(partition);
          }
          if (one.what === 'expire') broker.members[one.member]?.expire();
          if (one.what === 'crash') broker.members[one.member]?.crash(false);
          if (one.what === 'away') broker.away = one.away;
          await pass(clock, 'ms' in one ? one.ms : 50);
          check();
        }
        broker.away = false;
        await pass(clock, 5_000);
        broker.rebalance();
        await pass(clock, 60_000);
        check();

        expect(faults).toEqual([]);
        for (const partition of PARTITIONS)
          expect(broker.committed.get(partition) ?? 0).toBe(broker.log(partition).length);
      },
    ),
    { numRuns: 100 },
  );
});
