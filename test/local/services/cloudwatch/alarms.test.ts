import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudWatchInTest, depthAlarm, MINUTE, TOPIC } from './cloud-in-test.ts';

test('an alarm goes off at the end of the minute in which its metric crosses the threshold, and clears', async () => {
  const { cloudWatch, clock, measure, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm());
  const states = [stateOf('Backlog')];

  for (const depth of [3, 10, 2]) {
    measure(depth);
    clock.advance(MINUTE);
    states.push(stateOf('Backlog'));
  }

  expect(states).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']);
});

test.each([
  ['GreaterThanThreshold', [10, 11]],
  ['GreaterThanOrEqualToThreshold', [9, 10]],
  ['LessThanThreshold', [10, 9]],
  ['LessThanOrEqualToThreshold', [11, 10]],
] as const)('%s: the first value is good, the second one is not', async (comparison, values) => {
  const { cloudWatch, clock, measure, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm({ comparison }));

  const states = values.map((value) => {
    measure(value);
    clock.advance(MINUTE);
    return stateOf('Backlog');
  });

  expect(states).toEqual(['OK', 'ALARM']);
});

test.each([
  ['Sum', 12],
  ['Average', 4],
  ['Minimum', 1],
  ['Maximum', 8],
  ['SampleCount', 3],
] as const)('%s of a period is compared', async (statistic, value) => {
  const { cloudWatch, clock, measure, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm({ name: 'at', statistic, threshold: value }));
  await cloudWatch.putAlarm(depthAlarm({ name: 'above', statistic, threshold: value + 0.5 }));

  for (const depth of [1, 3, 8]) measure(depth);
  clock.advance(MINUTE);

  expect([stateOf('at'), stateOf('above')]).toEqual(['ALARM', 'OK']);
});

test('a metric of other dimensions does not concern an alarm', async () => {
  const { cloudWatch, clock, metrics, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm());

  metrics.record('AWS/SQS', 'Depth', { QueueName: 'Other' }, 100);
  clock.advance(MINUTE);

  expect(stateOf('Backlog')).toBe('OK');
});

test('two of three: one bad minute is no alarm, a second one within three is', async () => {
  const { cloudWatch, clock, measure, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm({ evaluationPeriods: 3, datapointsToAlarm: 2 }));

  const states = [1, 20, 1, 20, 1, 1].map((depth) => {
    measure(depth);
    clock.advance(MINUTE);
    return stateOf('Backlog');
  });

  expect(states).toEqual(['OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
});

test('a period of five minutes is looked at every minute', async () => {
  const { cloudWatch, clock, measure, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm({ statistic: 'Sum', periodSeconds: 300 }));

  const states = [4, 4, 4, 0, 0, 0, 0].map((depth) => {
    measure(depth);
    clock.advance(MINUTE);
    return stateOf('Backlog');
  });

  expect(states).toEqual(['OK', 'OK', 'ALARM', 'ALARM', 'ALARM', 'OK', 'OK']);
});

test('without data an alarm does what it was told to', async () => {
  const { cloudWatch, clock, stateOf } = cloudWatchInTest();
  for (const treatMissingData of ['breaching', 'notBreaching', 'ignore', 'missing'] as const)
    await cloudWatch.putAlarm(depthAlarm({ name: treatMissingData, treatMissingData }));
  const ignoring = cloudWatch.find('ignore');
  if (ignoring) await cloudWatch.setState(ignoring, { value: 'OK', reason: 'test', reasonData: undefined });

  clock.advance(MINUTE);

  expect(['breaching', 'notBreaching', 'ignore', 'missing'].map(stateOf)).toEqual([
    'ALARM',
    'OK',
    'OK',
    'INSUFFICIENT_DATA',
  ]);
});

test('a change of state is published as CloudWatch does, once, by CloudWatch', async () => {
  const { cloudWatch, clock, measure, published } = cloudWatchInTest();
  const { arn } = await cloudWatch.putAlarm(depthAlarm());
  clock.advance(MINUTE);
  published.length = 0;

  for (let minute = 0; minute < 3; minute += 1) {
    measure(12);
    clock.advance(MINUTE);
  }

  expect(published).toHaveLength(1);
  const [{ topicArn, publication, caller } = {}] = published;
  expect(topicArn).toBe(TOPIC);
  expect(caller).toEqual({ kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: arn });
  expect(publication?.subject).toBe('ALARM: "Backlog" in US East (N. Virginia)');
  expect(JSON.parse(publication?.message ?? '')).toEqual({
    AlarmName: 'Backlog',
    AlarmDescription: 'too many wait',
    AWSAccountId: '000000000000',
    AlarmConfigurationUpdatedTimestamp: '2026-01-01T00:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason:
      'Threshold Crossed: 1 out of the last 1 datapoints [12.0 (01/01/26 00:01:00)] was greater than or equal to the threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition).',
    StateChangeTime: '2026-01-01T00:02:00.000+0000',
    Region: 'US East (N. Virginia)',
    AlarmArn: arn,
    OldStateValue: 'OK',
    OKActions: [TOPIC],
    AlarmActions: [TOPIC],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Depth',
      Namespace: 'AWS/SQS',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: [{ value: 'Jobs', name: 'QueueName' }],
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 10,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
  });
});

test('an alarm whose actions are off tells nobody, and changes its state all the same', async () => {
  const { cloudWatch, clock, measure, published, stateOf } = cloudWatchInTest();
  await cloudWatch.putAlarm(depthAlarm({ actionsEnabled: false }));

  measure(12);
  clock.advance(MINUTE);

  expect(stateOf('Backlog')).toBe('ALARM');
  expect(published).toEqual([]);
});

test('an action that fails is in the history, and keeps no other one back', async () => {
  const { cloudWatch, clock, measure, base } = cloudWatchInTest({
    topics: {
      publish: async (topicArn) => {
        if (topicArn.endsWith('Gone')) throw new Error('Topic does not exist');
        return { messageId: 'm-1' };
      },
    },
  });
  const gone = `${TOPIC}Gone`;
  await cloudWatch.putAlarm(depthAlarm({ actions: { ALARM: [gone, TOPIC], OK: [], INSUFFICIENT_DATA: [] } }));

  measure(12);
  clock.advance(MINUTE);
  await cloudWatch.close();

  expect(base.trace.events().map(({ action, ids }) => [action, ids?.to])).toEqual([
    ['StateUpdate', 'ALARM'],
    ['ActionFailed', gone],
    ['Action', TOPIC],
  ]);
});

test('the state of an alarm outlives a restart: who was told of it is not told again', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cloudwatch-'));
  const file = join(directory, 'state.sqlite');
  const before = cloudWatchInTest({ file });
  await before.cloudWatch.putAlarm(depthAlarm());
  before.measure(12);
  before.clock.advance(MINUTE);
  await before.cloudWatch.close();
  before.base.store.close();

  const after = cloudWatchInTest({ file });
  await after.cloudWatch.putAlarm(depthAlarm());
  after.measure(12);
  after.clock.advance(MINUTE);

  expect(after.stateOf('Backlog')).toBe('ALARM');
  expect(before.published).toHaveLength(1);
  expect(after.published).toEqual([]);
  after.base.store.close();
  await rm(directory, { recursive: true });
});
