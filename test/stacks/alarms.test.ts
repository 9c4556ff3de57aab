import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

/**
 * What a dimension has to refer to, so that its value is the one that the service reports under. Where a template spells
 * the value out, it has to be that property of a resource.
 */
const named = {
  QueueName: { type: 'AWS::SQS::Queue', by: 'QueueName' },
  TopicName: { type: 'AWS::SNS::Topic', by: 'TopicName' },
  FunctionName: { type: 'AWS::Lambda::Function', by: 'Ref' },
  StreamName: { type: 'AWS::Kinesis::Stream', by: 'Ref' },
  ApiName: { type: 'AWS::ApiGateway::RestApi', by: 'Name' },
  Stage: { type: 'AWS::ApiGateway::Stage', by: 'Ref' },
  'Cluster Name': { type: 'AWS::MSK::Cluster', by: 'ClusterName' },
  'Consumer Group': {
    type: 'AWS::Lambda::EventSourceMapping',
    by: 'AmazonManagedKafkaEventSourceConfig.ConsumerGroupId',
  },
  Topic: { type: 'AWS::MSK::Topic', by: 'TopicName' },
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
  'AWS/Kafka': {
    source: 'Amazon MSK Developer Guide, "Monitor consumer lags"',
    dimensions: ['Cluster Name', 'Consumer Group', 'Topic'],
    metrics: ['EstimatedMaxTimeLag', 'MaxOffsetLag', 'SumOffsetLag'],
  },
};

const alarm = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  TreatMissingData: z.string(),
  AlarmActions: z.array(z.unknown()).default([]),
  OKActions: z.array(z.unknown()).default([]),
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

/** With everything in it that can be asked for. */
const templates = imageApp({ context: { target: 'local', kafka: true } })
  .synth()
  .stacks.map((stack) => template.parse(stack.template));

/** The CDK's function for `AwsCustomResource`: it runs at deployment only, which fails with it. */
const PROVIDER = /^AWS679f53fac002430cb0da5b7982bd2287/;

const resourcesOfTheApp = (type: string) =>
  templates
    .flatMap(({ Resources }) => Object.entries(Resources))
    .filter(([id, { Type }]) => Type === type && !PROVIDER.test(id))
    .map(([, found]) => found);

const valueAt = (properties: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => z.record(z.string(), z.unknown()).safeParse(value).data?.[name],
      properties,
    );

const isDimension = (name: string): name is Dimension => name in named;

const referredTo = (resources: z.output<typeof template>['Resources'], name: string, value: unknown) => {
  if (typeof value !== 'string') {
    const { to, by } = reference.parse(value);
    return { type: resources[to]?.Type, by };
  }
  if (!isDimension(name)) return undefined;
  const { type, by } = named[name];
  const there = Object.values(resources).filter(({ Type }) => Type === type);
  return there.some(({ Properties }) => valueAt(Properties, by) === value) ? named[name] : undefined;
};

/** Every alarm of the app, with the type that each dimension refers to. */
const alarms = templates.flatMap(({ Resources }) =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => {
      const { Dimensions, ...rest } = alarm.parse(Properties);
      const dimensions = Dimensions.map(({ Name, Value }) => [Name, referredTo(Resources, Name, Value)]);
      return { id, ...rest, dimensions: Object.fromEntries(dimensions) };
    }),
);

test('each alarm watches a metric that its service reports, under exactly the dimensions that it reports', () => {
  const watched = alarms.map(({ id, Namespace, MetricName, dimensions }) => ({
    id,
    metric: reported[Namespace]?.metrics.includes(MetricName) ? MetricName : `no metric of ${Namespace}`,
    dimensions,
  }));

  expect(new Set(alarms.map(({ Namespace }) => Namespace))).toEqual(new Set(Object.keys(reported)));
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

test('a queue with nothing in it reports no age: an alarm on what may be missing says what that means', () => {
  expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']));
});

test('each function has an alarm on its errors and one on its throttles', () => {
  const functions = resourcesOfTheApp('AWS::Lambda::Function');

  const watching = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);
  expect(functions.length).toBeGreaterThan(30);
  expect(watching('Errors')).toHaveLength(functions.length);
  expect(watching('Throttles')).toHaveLength(functions.length);
});

test('each consumer of a log has an alarm on what it could neither handle nor put aside', () => {
  const sources = resourcesOfTheApp('AWS::Lambda::EventSourceMapping');

  const withDestination = sources.filter(({ Properties }) =>
    valueAt(Properties, 'DestinationConfig.OnFailure.Destination'),
  );
  const watching = alarms.filter(({ MetricName }) => MetricName === 'DestinationDeliveryFailures');
  expect(withDestination.length).toBeGreaterThan(3);
  expect(watching).toHaveLength(withDestination.length);
});

test('each alarm tells one topic, the same for all, when it goes off and when it clears', () => {
  const actions = alarms.flatMap(({ AlarmActions, OKActions }) => [AlarmActions, OKActions]);

  expect(actions.filter(({ length }) => length !== 1)).toEqual([]);
  const topics = actions.flat().map((action) => JSON.stringify(action).match(/AlarmsTopic[0-9A-F]{8}/)?.[0]);
  expect(new Set(topics).size).toBe(1);
  expect(topics).not.toContain(undefined);
});

test('each alarm says where it stands what to do about it', () => {
  const pages = alarms.map(
    ({ AlarmDescription }) => AlarmDescription.match(/docs\/runbooks\/[\w-]+\.md$/)?.[0],
  );

  expect(pages.filter((page) => page === undefined || !existsSync(resolve(ROOT, page)))).toEqual([]);
});
