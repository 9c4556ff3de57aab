import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ASSEMBLY } from '../support/local-app.ts';

/** What a dimension has to refer to, so that its value is the one that the service reports under. */
const named = {
  QueueName: { type: 'AWS::SQS::Queue', by: 'QueueName' },
  TopicName: { type: 'AWS::SNS::Topic', by: 'TopicName' },
  FunctionName: { type: 'AWS::Lambda::Function', by: 'Ref' },
  StreamName: { type: 'AWS::Kinesis::Stream', by: 'Ref' },
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
};

const alarm = z.object({
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

/** Every alarm of the app, with the type that each dimension refers to. */
const alarmsOfTheApp = async () => {
  const files = (await readdir(ASSEMBLY)).filter((file) => file.endsWith('.template.json'));
  const templates = await Promise.all(
    files.map(async (file) => template.parse(JSON.parse(await readFile(join(ASSEMBLY, file), 'utf8')))),
  );
  return templates.flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
      .map(([id, { Properties }]) => {
        const { Dimensions, ...rest } = alarm.parse(Properties);
        const dimensions = Dimensions.map(({ Name, Value }) => {
          const { to, by } = reference.parse(Value);
          return [Name, { type: Resources[to]?.Type, by }];
        });
        return { id, ...rest, dimensions: Object.fromEntries(dimensions) };
      }),
  );
};

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
