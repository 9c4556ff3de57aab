import {
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../../../local/errors.ts';
import { depthAlarm, MINUTE, startCloudWatch } from './cloud-in-test.ts';

let server: Awaited<ReturnType<typeof startCloudWatch>>;

beforeEach(async () => {
  server = await startCloudWatch();
});
afterEach(() => server.close());

const jobs = [{ Name: 'QueueName', Value: 'Jobs' }];

test('DescribeAlarms answers the alarm, its state and its reason in the shape of the SDK', async () => {
  const { cloudWatch, clock, client, measure } = server;
  await cloudWatch.putAlarm(depthAlarm());
  const start = clock.now();
  measure(12);
  clock.advance(MINUTE);

  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['Backlog'] }));

  expect(MetricAlarms).toHaveLength(1);
  expect(MetricAlarms?.[0]).toMatchObject({
    AlarmName: 'Backlog',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Backlog',
    StateValue: 'ALARM',
    StateReason: expect.stringContaining('[12.0 (01/01/26 00:00:00)]'),
    StateUpdatedTimestamp: new Date(start + MINUTE),
    MetricName: 'Depth',
    Namespace: 'AWS/SQS',
    Dimensions: jobs,
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ActionsEnabled: true,
  });
});

test('DescribeAlarms filters by prefix, state and action, and gives pages', async () => {
  const { cloudWatch, clock, client, measure } = server;
  for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) await cloudWatch.putAlarm(depthAlarm({ name }));
  await cloudWatch.putAlarm(
    depthAlarm({ name: 'a-quiet', threshold: 99, actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] } }),
  );
  measure(12);
  clock.advance(MINUTE);
  const ask = async (input: DescribeAlarmsCommandInput) =>
    (await client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  const paged: number[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client, pageSize: 2 }, {}))
    paged.push(MetricAlarms.length);

  expect(await ask({ AlarmNamePrefix: 'a-' })).toEqual(['a-1', 'a-2', 'a-3', 'a-quiet']);
  expect(await ask({ StateValue: 'OK' })).toEqual(['a-quiet']);
  expect(await ask({ ActionPrefix: 'arn:aws:sns:', AlarmNames: ['a-1', 'a-quiet'] })).toEqual(['a-1']);
  expect(await ask({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  expect(paged).toEqual([2, 2, 1]);
});

test('SetAlarmState holds until the next evaluation, and notifies', async () => {
  const { cloudWatch, clock, client, published, stateOf } = server;
  await cloudWatch.putAlarm(depthAlarm());
  clock.advance(MINUTE);
  published.length = 0;

  await client.send(
    new SetAlarmStateCommand({ AlarmName: 'Backlog', StateValue: 'ALARM', StateReason: 'a rehearsal' }),
  );
  const rehearsed = stateOf('Backlog');
  clock.advance(MINUTE);

  expect([rehearsed, stateOf('Backlog')]).toEqual(['ALARM', 'OK']);
  expect(published.map(({ publication }) => publication.subject)).toEqual([
    'ALARM: "Backlog" in US East (N. Virginia)',
    'OK: "Backlog" in US East (N. Virginia)',
  ]);
});

test('an alarm that is not there is ResourceNotFound', async () => {
  const asked = server.client.send(
    new SetAlarmStateCommand({ AlarmName: 'None', StateValue: 'OK', StateReason: 'test' }),
  );

  await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
});

test('GetMetricData answers the periods that have data, the latest first', async () => {
  const { clock, client, measure } = server;
  const start = clock.now();
  for (const depth of [3, undefined, 8]) {
    if (depth !== undefined) measure(depth);
    clock.advance(MINUTE);
  }
  const query = {
    Id: 'depth',
    MetricStat: {
      Metric: { Namespace: 'AWS/SQS', MetricName: 'Depth', Dimensions: jobs },
      Period: 60,
      Stat: 'Maximum',
    },
  };
  const range = { StartTime: new Date(start), EndTime: new Date(start + 60 * MINUTE) };

  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({ ...range, MetricDataQueries: [query] }),
  );

  expect(MetricDataResults).toEqual([
    {
      Id: 'depth',
      Label: 'Depth',
      Timestamps: [new Date(start + 2 * MINUTE), new Date(start)],
      Values: [8, 3],
      StatusCode: 'Complete',
    },
  ]);
});

test('an expression is refused by name, not answered with nothing', async () => {
  const asked = server.client.send(
    new GetMetricDataCommand({
      StartTime: new Date(0),
      EndTime: new Date(MINUTE),
      MetricDataQueries: [{ Id: 'rate', Expression: 'a/b' }],
    }),
  );

  await expect(asked).rejects.toThrow('does not evaluate expressions: query rate');
});

test('GetMetricStatistics answers each statistic that was asked for', async () => {
  const { clock, client, measure } = server;
  const start = clock.now();
  for (const depth of [1, 3, 8]) measure(depth);

  const { Label, Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS',
      MetricName: 'Depth',
      Dimensions: jobs,
      StartTime: new Date(start),
      EndTime: new Date(start + 5 * MINUTE),
      Period: 300,
      Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
    }),
  );

  expect(Label).toBe('Depth');
  expect(Datapoints).toEqual([
    { Timestamp: new Date(start), Sum: 12, Average: 4, Minimum: 1, Maximum: 8, SampleCount: 3 },
  ]);
});

test('ListMetrics finds metrics by namespace, name and dimension', async () => {
  const { client, measure, metrics } = server;
  measure(1);
  metrics.record('AWS/SQS', 'Depth', { QueueName: 'Other' }, 1);
  metrics.record('AWS/Lambda', 'Errors', { FunctionName: 'Work' }, 1);
  const ask = async (input: ListMetricsCommandInput) =>
    (await client.send(new ListMetricsCommand(input))).Metrics?.map(
      ({ MetricName, Dimensions = [] }) => `${MetricName} of ${Dimensions[0]?.Value}`,
    );

  expect(await ask({})).toEqual(['Depth of Jobs', 'Depth of Other', 'Errors of Work']);
  expect(await ask({ Namespace: 'AWS/Lambda' })).toEqual(['Errors of Work']);
  expect(await ask({ Dimensions: [{ Name: 'QueueName', Value: 'Other' }] })).toEqual(['Depth of Other']);
  expect(await ask({ MetricName: 'Depth', Dimensions: [{ Name: 'QueueName' }] })).toHaveLength(2);
});

test('what the role of a function does not grant is denied', async () => {
  const { client, base } = server;
  base.iam.authorize = (_caller, action) => {
    throw new AwsError('AccessDenied', `not authorized to perform: ${action}`, 403);
  };

  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('cloudwatch:DescribeAlarms'),
  });
});

test('another protocol of the service is refused with what to do', async () => {
  const answer = await fetch(server.endpoint, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/monitoring/aws4_request, Signature=0',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'Action=DescribeAlarms&Version=2010-08-01',
  });

  expect(answer.status).toBe(415);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('AWS JSON 1.0') });
});
