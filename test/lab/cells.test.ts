import { brokerNames } from '../../lab/broker.ts';
import { type Candidate, criteria } from '../../lab/cells/cell.ts';
import { cellsOf } from '../../lab/cells/cells.ts';
import { formatTable } from '../../lab/cells/table.ts';
import type { Findings } from '../../lab/checker.ts';
import type { RunResult } from '../../lab/runs/run.ts';
import { settings } from './support/context.ts';

const emulated: Candidate = { name: 'sqs', version: 'the local cloud', emulated: true };
const own: Candidate = { name: 'kafka', version: 'Apache Kafka, one node', emulated: false };

const found = (changed: Partial<Findings> = {}): Findings => ({
  acknowledged: 200,
  refused: {},
  unknown: 0,
  delivered: 200,
  lost: [],
  duplicates: [],
  redeliveries: 0,
  inversionsPerKey: [],
  inversionsOverall: 0,
  phantoms: [],
  unknownDelivered: 0,
  failedDelivered: [],
  ...changed,
});
const result = (run: RunResult['run'], findings: Findings, more: Partial<RunResult> = {}): RunResult => ({
  run,
  broker: 'sqs',
  settings,
  ms: 1,
  findings: { a: findings },
  seen: 'as was seen',
  ...more,
});
const cell = (criterion: string, results: readonly RunResult[], candidate = emulated) =>
  cellsOf([candidate], results).find((one) => one.criterion === criterion);

test('every broker has a cell for every criterion, each with its evidence, whatever was asked', () => {
  const cells = cellsOf(
    brokerNames.map((name) => ({ name, version: 'v', emulated: false })),
    [],
  );

  expect(cells).toHaveLength(brokerNames.length * criteria.length);
  expect(cells.filter(({ evidence }) => evidence === '')).toEqual([]);
  expect(cells.filter(({ verdict }) => verdict === 'observed')).toEqual([]);
});

test('a missing broker is documented where its documentation says something, and says why it was not measured', () => {
  const cells = cellsOf([{ name: 'kafka', missing: 'No Kafka broker: start Docker' }], []);

  const verdicts = Object.fromEntries(cells.map(({ criterion, verdict }) => [criterion, verdict]));
  const latency = cells.at(-1);
  expect(verdicts).toEqual({
    ...Object.fromEntries(criteria.map((criterion) => [criterion, 'documented'])),
    latency: 'not-measurable',
  });
  expect(latency).toMatchObject({ value: 'not measurable here', evidence: 'No Kafka broker: start Docker' });
  expect(cells.find(({ criterion }) => criterion === 'ordering')).toMatchObject({
    value: 'within a partition (not measurable here)',
    evidence:
      'Apache Kafka documentation, "Introduction"; not measurable here: No Kafka broker: start Docker',
  });
});

test('no reordering is told with the number of messages it rests on, never as a guarantee', () => {
  const value = cell('ordering', [result('clean', found()), result('share', found())])?.value;

  expect(value).toBe(
    'no reordering within a key observed in 400 messages, none across keys; documented: best effort',
  );
});

test('what came too late within its key is told with where', () => {
  const value = cell('ordering', [
    result('clean', found()),
    result('share', found({ inversionsPerKey: ['p/k/1'], inversionsOverall: 7 })),
  ])?.value;

  expect(value).toBe(
    'reordered: 1 of 400 messages came after a later one of their key (share 1), 7 across keys; documented: best effort',
  );
});

test.each<[string, RunResult, string]>([
  ['lost', result('clean', found({ lost: ['p/k/1'] })), '1 of 200 acknowledged lost'],
  [
    'silently twice',
    result('clean', found({ duplicates: ['p/k/1'] })),
    '0 of 200 acknowledged lost; 1 delivered again with nothing wrong',
  ],
  [
    'again after a crash',
    result('crash', found({ redeliveries: 2, duplicates: ['p/k/1'] })),
    '0 of 200 acknowledged lost; 3 delivered again after a consumer was killed',
  ],
  [
    'a second send that is dropped',
    result('retry', found()),
    '0 of 200 acknowledged lost; sent twice: 0 of 200 delivered twice',
  ],
  [
    'without an answer',
    result('clean', found({ unknown: 3, unknownDelivered: 2 })),
    '0 of 200 acknowledged lost; 3 sends without an answer, 2 of them delivered',
  ],
  [
    'refused, and there all the same',
    result('clean', found({ failedDelivered: ['p/k/1'], refused: { InternalFailure: 1 } })),
    '0 of 200 acknowledged lost; 1 refused and delivered all the same; 1 sends refused: InternalFailure',
  ],
  [
    'throttled',
    result('clean', found({ acknowledged: 150, refused: { ThrottlingException: 50 } })),
    '0 of 150 acknowledged lost; 50 sends refused: ThrottlingException',
  ],
])('delivery: %s', (_, one, value) => {
  expect(cell('delivery', [one])).toMatchObject({
    verdict: 'observed',
    value: `${value}; documented: at least once`,
  });
});

test('a FIFO queue whose messages have no group takes none, and the table says so', () => {
  const refused = { acknowledged: 0, delivered: 0, refused: { MissingParameter: 200 } };

  expect(cell('ordering', [result('clean', found(refused))])?.value).toBe(
    'nothing was delivered; 200 sends refused: MissingParameter; documented: best effort',
  );
  expect(cell('latency', [result('clean', found(refused))])?.value).toBe('nothing was delivered');
});

const latency = { count: 180, p50: 1, p90: 2, p99: 3, max: 5, negative: 0 };

test("an emulator's latency is never presented as the service's", () => {
  const results = [result('clean', found(), { latency })];

  expect(cell('latency', results)?.evidence).toMatch(/it says nothing of the latency on AWS$/);
  expect(
    cell(
      'latency',
      results.map((one) => ({ ...one, broker: 'kafka' })),
      own,
    )?.evidence,
  ).toMatch(/measured on Apache Kafka, one node; on this machine and its network$/);
});

test('a number that was measured on a busy machine says so', () => {
  const on = (load: number) => cell('latency', [result('clean', found(), { latency, load })])?.evidence;

  expect(on(7.3)).toContain('the machine was busy, with a load of 7.3 for each core');
  expect(on(0.9)).not.toContain('busy');
});

test('a saturated target has a backlog, and no latency', () => {
  const saturated = { lateByMs: 1_500, waiting: 321, drainMs: 1_700 };

  expect(cell('latency', [result('clean', found(), { saturated })])?.value).toBe(
    'saturated at 2000/s: a backlog of 321 that took 1700 ms more, the sender 1500 ms late; ask again with a lower --rate',
  );
});

test('what a broker that was killed proves of its disk is told with what it does not prove', () => {
  const killed = result('outage', found({ acknowledged: 150 }), { broker: 'kafka' });

  expect(cell('persistence', [killed], own)).toMatchObject({
    value: 'killed and back: 0 of 150 acknowledged lost',
    evidence: expect.stringContaining('without power it may not be, and one node has no replica'),
  });
});

test('where the broker is not ours to kill, what is documented stands in', () => {
  const notOurs = result('outage', found(), { notMeasurable: 'the broker is not ours to kill' });

  expect(cell('persistence', [notOurs])).toMatchObject({
    verdict: 'documented',
    evidence: expect.stringMatching(/^Amazon SQS Developer Guide, .*not ours to kill$/),
  });
});

test('a broker used wrongly on purpose is told to be', () => {
  const misused: Candidate = { ...emulated, misuse: 'a group of its own for each message' };

  expect(cell('ordering', [result('clean', found())], misused)?.evidence).toMatch(
    /^used wrongly on purpose: a group of its own/,
  );
});

test('the table has every broker and criterion, and every number in it leads to its evidence', () => {
  const cells = cellsOf([emulated, own], [result('clean', found(), { latency })]);

  const table = formatTable([emulated, own], cells);

  for (const criterion of criteria) expect(table).toContain(`\n${criterion}`);
  for (const [index, { evidence }] of cells.entries()) {
    expect(table).toMatch(new RegExp(`(observed|documented|not-measurable) \\[${index + 1}\\]`));
    expect(table).toContain(evidence);
  }
});

test('beside what was seen of a stream stands what is documented, with its source', () => {
  const stream: Candidate = { name: 'kinesis', version: 'the local cloud', emulated: true };
  const scaled = result('scale', found(), { broker: 'kinesis', variant: '1', throughput: 100 });

  expect(cell('scalability', [scaled], stream)).toMatchObject({
    verdict: 'observed',
    value: 'messages/s drained by consumers: 1: 100',
    evidence: expect.stringMatching(
      /not how much AWS takes; documented: by shards: .* \(Amazon Kinesis Data Streams Developer Guide, "Quotas and limits"\)$/,
    ),
  });
});
