import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { readAssembly } from '../../../../local/assembly/assembly.ts';
import { SystemClock } from '../../../../local/clock.ts';
import { type Deployment, deploy } from '../../../../local/deploy.ts';
import { type RunningCloud, startCloud } from '../../../../local/start-cloud.ts';

process.env.CDK_VALIDATION = 'false';

const MINUTE = 60_000;
const clock = new SystemClock();
let directory: string;
let running: RunningCloud;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'alarms-'));
  const dataDir = join(directory, 'data');
  mkdirSync(dataDir);
  running = await startCloud({ port: 0, dataDir, clock });
});
afterEach(async () => {
  await running.close();
  rmSync(directory, { recursive: true, force: true });
});

const deployed = (build: (stack: Stack) => void): Promise<Deployment> => {
  const app = new App({ outdir: mkdtempSync(join(directory, 'cdk.out-')) });
  build(new Stack(app, 'Watched'));
  return deploy(running.cloud, readAssembly(app.synth().directory));
};

const arnOf = (queueName: string) => `arn:aws:sqs:us-east-1:000000000000:${queueName}`;

/** A queue whose messages must not wait for five minutes, and a queue to which the alarm's topic delivers. */
const watchedQueue = (stack: Stack, change: (topic: Topic) => void): void => {
  const jobs = new Queue(stack, 'Jobs', { queueName: 'jobs' });
  const told = new Queue(stack, 'Told', { queueName: 'told' });
  const topic = new Topic(stack, 'Alarms');
  change(topic);
  topic.addSubscription(new SqsSubscription(told, { rawMessageDelivery: true }));
  new Alarm(stack, 'TooOld', {
    alarmName: 'too-old',
    metric: jobs.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
    threshold: 300,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  }).addAlarmAction(new SnsAction(topic));
};

test.each([
  ['the policy of every new topic', () => undefined],
  [
    'a policy that names CloudWatch',
    (topic: Topic) => {
      topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    },
  ],
])('an alarm of a template tells the subscribers of its topic: %s', async (_, change) => {
  await deployed((stack) => watchedQueue(stack, change));
  const { sqs } = running.cloud;
  await sqs.send(arnOf('jobs'), { body: 'waits' }, { kind: 'account' });

  clock.advance(7 * MINUTE);
  const [message] = await sqs.receive(arnOf('told'), { max: 1, waitMs: 5_000 });

  expect(JSON.parse(message?.body ?? '{}')).toMatchObject({
    AlarmName: 'too-old',
    NewStateValue: 'ALARM',
    Trigger: {
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ name: 'QueueName', value: 'jobs' }],
    },
  });
});

test('a topic whose policy does not let CloudWatch in is not told, and the trace says so', async () => {
  await deployed((stack) =>
    watchedQueue(stack, (topic) => topic.grantPublish(new ServicePrincipal('s3.amazonaws.com'))),
  );
  const { sqs, trace } = running.cloud;
  await sqs.send(arnOf('jobs'), { body: 'waits' }, { kind: 'account' });

  const failed = Promise.withResolvers<unknown>();
  trace.watch(({ action, ids }) => action === 'ActionFailed' && failed.resolve(ids?.reason));
  clock.advance(7 * MINUTE);

  expect(await failed.promise).toContain('sns:Publish');
});

test('what is not evaluated is in the fidelity report', async () => {
  const { fidelity } = await deployed((stack) => {
    const jobs = new Queue(stack, 'Jobs');
    const props = { threshold: 1, evaluationPeriods: 1 } satisfies Partial<AlarmProps>;
    const visible = jobs.metricApproximateNumberOfMessagesVisible();
    const doubled = new MathExpression({ expression: 'm * 2', usingMetrics: { m: visible } });
    new Alarm(stack, 'Expression', { ...props, metric: doubled });
    new Alarm(stack, 'Percentile', { ...props, metric: visible.with({ statistic: 'p90' }) });
    new Alarm(stack, 'Long', { ...props, metric: visible.with({ period: Duration.hours(6) }) });
    new Alarm(stack, 'Good', { ...props, metric: visible });
  });

  const limits = fidelity.notEmulated.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
  expect(limits.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([
    'ExtendedStatistic: percentiles are not kept: such an alarm is not evaluated',
    'Metrics: an alarm on an expression is not evaluated',
    'Period: metrics are kept for three hours: this alarm looks further back',
  ]);
  expect(running.cloud.cloudWatch.alarms()).toHaveLength(2);
});
