import fc from 'fast-check';
import { VirtualClock } from '../../../local/clock.ts';
import { parseFaultPlan } from '../../../local/faults/plan.ts';
import { Faults, type Point } from '../../../local/faults.ts';
import { Trace } from '../../../local/trace.ts';

const faultsOf = (seed: number, rules: readonly object[]) => {
  const trace = new Trace();
  const clock = new VirtualClock();
  const faults = new Faults(parseFaultPlan({ seed, rules }, 'test'), { clock, trace });
  faults.start();
  return { faults, trace, clock };
};

const point = fc.record({
  service: fc.constantFrom('sqs', 'kinesis'),
  action: fc.constantFrom('SendMessage', 'PutRecords'),
  resource: fc.constantFrom('arn:aws:sqs:r:a:jobs', 'arn:aws:kinesis:r:a:stream/activity'),
});
const timing = fc.oneof(
  fc.record({ share: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
  fc.record({ every: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ at: fc.integer({ min: 1, max: 20 }), limit: fc.integer({ min: 1, max: 3 }) }),
);
const rule = fc
  .tuple(timing, fc.constantFrom('sqs', 'kinesis'), fc.constantFrom('*', 'jobs', '*activity'))
  .map(([when, service, resource]) => ({ fault: 'drop-acknowledgement', service, resource, ...when }));

const decisions = (faults: Faults, points: readonly Point[]): boolean[] =>
  points.map((one) => faults.losesAnswer(one));

test('the same seed and the same requests give the same decisions, each one event of the trace', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.array(point),
      (seed, rules, all) => {
        const first = faultsOf(seed, rules);
        const second = faultsOf(seed, rules);

        const decided = decisions(first.faults, all);

        expect(decisions(second.faults, all)).toEqual(decided);
        expect(second.trace.events()).toEqual(first.trace.events());
        expect(first.trace.events()).toHaveLength(decided.filter(Boolean).length);
      },
    ),
  );
});

test('what a rule decides does not depend on the rules after it, nor on requests that are not for it', () => {
  const own = { service: 'sqs', action: 'SendMessage', resource: 'jobs' };
  const others = { service: 'kinesis', action: 'PutRecords', resource: 'activity' };
  const mine = { fault: 'drop-acknowledgement', service: 'sqs', share: 0.3 };
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.boolean(), { minLength: 30 }), (seed, mixed) => {
      const alone = faultsOf(seed, [mine]).faults;
      const amongOthers = faultsOf(seed, [mine, { ...mine, service: 'kinesis', share: 0.9 }]).faults;

      const disturbed = mixed.flatMap((isOwn) => {
        const lost = amongOthers.losesAnswer(isOwn ? own : others);
        return isOwn ? [lost] : [];
      });

      expect(disturbed).toEqual(disturbed.map(() => alone.losesAnswer(own)));
    }),
  );
});

test('share, every, at and limit say how often', () => {
  const jobs = { service: 'sqs', action: 'SendMessage', resource: 'jobs' };
  const struck = (when: object): number[] => {
    const { faults } = faultsOf(11, [{ fault: 'drop-acknowledgement', service: 'sqs', ...when }]);
    return Array.from({ length: 1000 }, (_, n) => (faults.losesAnswer(jobs) ? n + 1 : 0)).filter(
      (n) => n > 0,
    );
  };

  expect(struck({ at: 17 })).toEqual([17]);
  expect(struck({ every: 300 })).toEqual([300, 600, 900]);
  expect(struck({ every: 300, limit: 2 })).toEqual([300, 600]);
  expect(struck({ share: 1 })).toHaveLength(1000);
  expect(struck({ share: 0.2 }).length).toBeGreaterThan(150);
  expect(struck({ share: 0.2 }).length).toBeLessThan(250);
});

test.each([
  [{ fault: 'throttle', service: 'sqs' }, 'rules[0]: it needs one of "share"'],
  [{ fault: 'throttle', service: 'sqs', every: 2, at: 1 }, 'rules[0]: it needs one of "share"'],
  [{ fault: 'throttle', service: 'sqs', share: 2 }, 'rules[0].share'],
  [{ fault: 'throttle', service: 'ec2', every: 1 }, 'rules[0].service'],
  [{ fault: 'throttle', service: 'sqs', every: 1, sometimes: true }, '"sometimes"'],
  [{ fault: 'delay-delivery', service: 'sns', every: 1 }, 'rules[0].ms'],
  [{ fault: 'kill-environment', service: 'sqs', every: 1 }, 'rules[0].service'],
  [{ fault: 'clock-jump', afterMs: 1 }, 'rules[0].ms'],
  [{ fault: 'set-on-fire' }, 'rules[0].fault'],
])('%j is refused in one line', (given, named) => {
  const refused = () => parseFaultPlan({ rules: [given] }, 'faults.json');

  expect(refused).toThrow(named);
  expect(refused).toThrow(/^faults\.json: [^\n]+$/);
});
