import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ASSEMBLY } from '../support/local-app.ts';

/** What a dimension has to refer to, so that its value is the one that the service reports under. */
const named = {
  QueueName: { type: 'AWS::SQS::Queue', by: 'QueueName' },
  TopicName: { type: 'AWS::SNS::Topic', by: 'TopicName' },
  FunctionName: { type: 'AWS::Lambda::Function', by: 'Ref' },
  StreamName: { type: 'AWS::Kinesis::Stream', by: 'Ref' },
  ApiName: { type: 'AWS::ApiGateway::RestApi', by: 'Name' },
  Stage: { type: 'AWS::ApiGateway::Stage', by: 'Ref' },
} as const;

type Dimension = keyof typeof named;

interface Reported {
  /** The title of the AWS page. */
  readonly source: string;
  readonly dimensions: readonly Dimension[];
  readonly metrics: readonly string[];
}

/** The metrics that services report by themselves, with all of their dimensions. */
const reported: Readonly<Record<string, Reported>> = {
  'AWS/SQS': {
    source: 'Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"',
    dimensions: ['QueueName'],
    metrics: [
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesVisible',
      'NumberOfEmptyReceives',
      'NumberOfMessagesDeleted',
      'NumberOfMessagesReceived',
      'NumberOfMessagesSent',
    ],
  },
  'AWS/SNS': {
    source: 'Amazon SNS Developer Guide, "Monitoring Amazon SNS topics using CloudWatch"',
    dimensions: ['TopicName'],
    metrics: [
      'NumberOfMessagesPublished',
      'NumberOfNotificationsDelivered',
      'NumberOfNotificationsFailed',
      'NumberOfNotificationsFailedToRedriveToDlq',
      'NumberOfNotificationsFilteredOut',
      'NumberOfNotificationsRedrivenToDlq',
      'PublishSize',
    ],
  },
  'AWS/Lambda': {
    source: 'AWS Lambda Developer Guide, "Types of metrics for Lambda functions"',
    dimensions: ['FunctionName'],
    metrics: [
      'AsyncEventsDropped',
      'ConcurrentExecutions',
      'DeadLetterErrors',
      'DestinationDeliveryFailures',
      'Duration',
      'Errors',
      'Invocations',
      'IteratorAge',
      'Throttles',
    ],
  },
  'AWS/Kinesis': {
    source: 'Amazon Kinesis Data Streams Developer Guide, "Basic Stream-level Metrics"',
    dimensions: ['StreamName'],
    metrics: [
      'GetRecords.IteratorAgeMilliseconds',
      'IncomingRecords',
      'ReadProvisionedThroughputExceeded',
      'WriteProvisionedThroughputExceeded',
    ],
  },
  'AWS/ApiGateway': {
    source: 'Amazon API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics"',
    dimensions: ['ApiName', 'Stage'],
    metrics: ['4XXError', '5XXError', 'Count', 'IntegrationLatency', 'Latency'],
  },
};

const alarm = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  TreatMissingData: z.string(),
  EvaluationPeriods: z.number(),
  Period: z.literal(60),
});
const resource = z.object({ Type: z.string(), Properties: z.unknown() });
const template = z.object({ Resources: z.record(z.string(), resource) });
const reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => ({ to: Ref, by: 'Ref' })),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform(({ 'Fn::GetAtt': [to, by] }) => ({ to, by })),
]);

const ROOT = resolve(import.meta.dirname, '../..');

const templatesOfTheApp = async () => {
  const files = (await readdir(ASSEMBLY)).filter((file) => file.endsWith('.template.json'));
  return Promise.all(
    files.map(async (file) => template.parse(JSON.parse(await readFile(join(ASSEMBLY, file), 'utf8')))),
  );
};

const resourcesOfTheApp = async (type: string) =>
  (await templatesOfTheApp())
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === type);

/** An API is measured under its name, which the template spells out. */
const NamedApi = z.object({
  Type: z.literal(named.ApiName.type),
  Properties: z.object({ Name: z.string() }),
});

const referredTo = (resources: Readonly<Record<string, unknown>>, value: unknown) => {
  if (typeof value === 'string') {
    const apis = Object.values(resources).map((one) => NamedApi.safeParse(one));
    return apis.some(({ data }) => data?.Properties.Name === value) ? named.ApiName : undefined;
  }
  const { to, by } = reference.parse(value);
  return { type: resource.parse(resources[to]).Type, by };
};

/** Every alarm of the app, with the type that each dimension refers to. */
const alarmsOfTheApp = async () =>
  (await templatesOfTheApp()).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
      .map(([id, { Properties }]) => {
        const { Dimensions, ...rest } = alarm.parse(Properties);
        const dimensions = Dimensions.map(({ Name, Value }) => [Name, referredTo(Resources, Value)]);
        return { id, ...rest, dimensions: Object.fromEntries(dimensions) };
      }),
  );

test('each alarm watches a metric that its service reports, under exactly the dimensions that it reports', async () => {
  const alarms = await alarmsOfTheApp();

  const watched = alarms.map(({ id, Namespace, MetricName, dimensions }) => ({
    id,
    metric: reported[Namespace]?.metrics.includes(MetricName) ? MetricName : `no metric of ${Namespace}`,
    dimensions,
  }));

  expect(alarms.length).toBeGreaterThan(20);
  expect(watched).toEqual(
    alarms.map(({ id, Namespace, MetricName }) => ({
      id,
      metric: MetricName,
      dimensions: Object.fromEntries(
        (reported[Namespace]?.dimensions ?? []).map((name) => [name, named[name]]),
      ),
    })),
  );
});

test('a queue with nothing in it reports no age: an alarm on what may be missing says what that means', async () => {
  const alarms = await alarmsOfTheApp();

  expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']));
});

test('each function has an alarm on its errors and one on its throttles', async () => {
  const alarms = await alarmsOfTheApp();
  const functions = await resourcesOfTheApp('AWS::Lambda::Function');

  const watching = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);
  expect(functions.length).toBeGreaterThan(30);
  expect(watching('Errors')).toHaveLength(functions.length);
  expect(watching('Throttles')).toHaveLength(functions.length);
});

test('each alarm says where it stands what to do about it', async () => {
  const alarms = await alarmsOfTheApp();

  const pages = alarms.map(
    ({ AlarmDescription }) => AlarmDescription.match(/docs\/runbooks\/[\w-]+\.md$/)?.[0],
  );

  expect(pages.filter((page) => page === undefined || !existsSync(resolve(ROOT, page)))).toEqual([]);
});
