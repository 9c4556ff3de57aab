import fc from 'fast-check';
import {
  type AlarmState,
  type Datapoint,
  type EvaluationRule,
  evaluate,
  evaluationRange,
  type TreatMissingData,
} from '../../../../local/services/cloudwatch/evaluation.ts';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const KEPT = 'retains its state';

/** `0 - X`: good, missing, breaching, the most recent one last. */
const read = (text: string): Datapoint[] =>
  text.split(' ').map((mark) => (mark === 'X' ? 'breaching' : mark === '0' ? 'good' : 'missing'));

/** The tables of the Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data". */
const tables: [m: number, range: string, ...states: (AlarmState | typeof KEPT)[]][] = [
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - 0', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', KEPT, 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', KEPT, 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', KEPT, 'ALARM', 'OK'],
];

describe.each(tables)('%i of 3 datapoints, %s', (m, range, ...states) => {
  test.each(treatments.map((treatment, index) => [treatment, states[index]] as const))(
    'missing data treated as %s: %s',
    (treatMissingData, state) => {
      const rule = { evaluationPeriods: 3, datapointsToAlarm: m, treatMissingData };

      expect(evaluate(read(range), rule) ?? KEPT).toBe(state);
    },
  );
});

test.each(['- - - - X', '- - - X -'])(
  'one bad datapoint alone, %s, is no reason for an alarm yet',
  (range) => {
    const rule = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: 'missing' } as const;

    expect(evaluate(read(range), rule)).not.toBe('ALARM');
  },
);

const cases = fc
  .record({
    evaluationPeriods: fc.integer({ min: 1, max: 6 }),
    treatMissingData: fc.constantFrom<TreatMissingData>(...treatments),
  })
  .chain((rule) =>
    fc.record({
      rule: fc
        .integer({ min: 1, max: rule.evaluationPeriods })
        .map((datapointsToAlarm): EvaluationRule => ({ ...rule, datapointsToAlarm })),
      range: fc.array(fc.constantFrom<Datapoint>('good', 'breaching', 'missing'), {
        minLength: evaluationRange({ ...rule, datapointsToAlarm: 1 }),
        maxLength: evaluationRange({ ...rule, datapointsToAlarm: 1 }),
      }),
    }),
  );

/**
 * The page's own sentences, one after the other: the most recent real datapoints, as far back as the range goes; only
 * what is then still missing is filled in; and what "missing" and "ignore" make of what cannot be filled.
 */
const model = (range: readonly Datapoint[], rule: EvaluationRule): AlarmState | undefined => {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData } = rule;
  const newestFirst = range.toReversed();
  const evaluated: Datapoint[] = [];
  for (const datapoint of newestFirst) {
    if (datapoint !== 'missing' && evaluated.length < n) evaluated.push(datapoint);
  }
  const nothingCame = evaluated.length === 0;
  const fill = treatMissingData === 'breaching' ? 'breaching' : 'good';
  const mayFill = treatMissingData === 'breaching' || treatMissingData === 'notBreaching';
  const incomplete = evaluated.length < n;
  while (mayFill && evaluated.length < n) evaluated.push(fill);

  let breaching = 0;
  for (const datapoint of evaluated) breaching += datapoint === 'breaching' ? 1 : 0;
  if (breaching >= m) return 'ALARM';
  if (mayFill || !incomplete) return 'OK';
  if (nothingCame) return treatMissingData === 'missing' ? 'INSUFFICIENT_DATA' : undefined;
  if (evaluated.some((datapoint) => datapoint === 'good')) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  // All that came is breaching. Its oldest is counted from the end of the range, where 1 is the most recent period.
  const age = newestFirst.lastIndexOf('breaching') + 1;
  return age >= m ? 'ALARM' : 'OK';
};

test('any range is told as the documentation tells it', () => {
  fc.assert(
    fc.property(cases, ({ rule, range }) => expect(evaluate(range, rule)).toBe(model(range, rule))),
    { numRuns: 2_000 },
  );
});

test('an alarm needs a breaching datapoint, unless missing data count as such', () => {
  fc.assert(
    fc.property(cases, ({ rule, range }) => {
      fc.pre(!range.includes('breaching') && rule.treatMissingData !== 'breaching');
      expect(evaluate(range, rule)).not.toBe('ALARM');
    }),
  );
});

test('a datum that turns from good to breaching never clears an alarm', () => {
  fc.assert(
    fc.property(cases, fc.nat(), ({ rule, range }, index) => {
      const at = index % range.length;
      fc.pre(range[at] === 'good' && evaluate(range, rule) === 'ALARM');
      expect(evaluate(range.with(at, 'breaching'), rule)).toBe('ALARM');
    }),
    { numRuns: 300 },
  );
});
