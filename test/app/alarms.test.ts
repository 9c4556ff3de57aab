import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../bin/boot.ts';
import { readAssembly } from '../../local/assembly/assembly.ts';
import { VirtualClock } from '../../local/clock.ts';
import { deploy, type Outputs } from '../../local/deploy.ts';
import type { Alarm } from '../../local/services/cloudwatch/alarm.ts';
import { type RunningCloud, startCloud } from '../../local/start-cloud.ts';
import { until } from '../../scenarios/app/until.ts';

const MINUTE = 60_000;
const LONGEST_AGE = 24 * 60 * MINUTE;
const clock = new VirtualClock();
let directory: string;
let running: RunningCloud;
let outputs: Outputs;

/** The app with somebody to tell, on a clock of its own, and nobody who takes from its queues and streams. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-alarms-'));
  const assembly = join(directory, 'cdk.out');
  await synthesize(assembly, { alarmEmail: 'on-call@example.com' });
  running = await startCloud({ port: 0, dataDir: join(directory, 'data'), clock });
  ({ outputs } = await deploy(running.cloud, await readAssembly(assembly)));
  const { eventSourceMappings } = running.cloud.lambda;
  for (const { UUID } of eventSourceMappings.list({}))
    eventSourceMappings.update(UUID, { enabled: false, settings: {} });
  const allGood = nextTold(running.cloud.cloudWatch.alarms().length);
  clock.advance(MINUTE);
  await allGood;
}, 120_000);
afterAll(async () => {
  await running.close();
  await rm(directory, { recursive: true, force: true });
});

const alarmsOf = (namespace: string): readonly Alarm[] =>
  running.cloud.cloudWatch.alarms().filter(({ definition }) => definition.namespace === namespace);

const namesIn = (state: string, alarms: readonly Alarm[]): readonly string[] =>
  alarms
    .filter(({ definition: { name } }) => stateOf(name) === state)
    .map(({ definition }) => definition.name);

const stateOf = (name: string) => running.cloud.cloudWatch.find(name)?.state.value;

/** How many messages set off every alarm on the depth of a queue; one where there is none. */
const mostWanted = (queueName: string, alarms: readonly Alarm[]): number =>
  Math.max(
    1,
    ...alarms
      .map(({ definition }) => definition)
      .filter(({ metricName }) => metricName === 'ApproximateNumberOfMessagesVisible')
      .filter(({ dimensions }) => dimensions.QueueName === queueName)
      .map(({ threshold }) => threshold),
  );

/** The ARNs of the alarms of which the topic is told next, so many of them. */
const nextTold = (count: number): Promise<readonly string[]> => {
  const told: string[] = [];
  const all = Promise.withResolvers<readonly string[]>();
  const end = running.cloud.trace.watch(({ service, action, resource }) => {
    if (service !== 'cloudwatch' || action !== 'Action') return;
    told.push(resource);
    if (told.length === count) all.resolve(told);
  });
  return all.promise.finally(end);
};

test('each alarm on a queue goes off when messages wait in it, tells the topic, and clears when they are gone', async () => {
  const { sqs } = running.cloud;
  const alarms = alarmsOf('AWS/SQS');
  const wentOff = nextTold(alarms.length);

  for (const { arn, name, fifo } of sqs.queues.all()) {
    for (let n = 0; n < mostWanted(name, alarms); n += 1) {
      const order = fifo ? { groupId: 'one', deduplicationId: String(n) } : {};
      await sqs.send(arn, { body: '{}', ...order }, { kind: 'account' });
    }
  }
  clock.advance(LONGEST_AGE + 2 * MINUTE);
  const fired = namesIn('ALARM', alarms);
  const told = await wentOff;
  for (const queue of sqs.queues.all()) sqs.queues.purge(queue);
  clock.advance(3 * MINUTE);

  expect(alarms.length).toBeGreaterThan(30);
  expect(fired).toEqual(alarms.map(({ definition }) => definition.name));
  expect(namesIn('OK', alarms)).toEqual(fired);
  expect([...told].sort()).toEqual(alarms.map(({ arn }) => arn).sort());
}, 120_000);

/** Everything that watches one metric of a service. */
const alarmsOn = (namespace: string, metricName: string): readonly Alarm[] =>
  alarmsOf(namespace).filter(({ definition }) => definition.metricName === metricName);

const nameOf = ({ definition }: Alarm): string => definition.name;

const account = { kind: 'account' } as const;

/** What no handler can make sense of. */
const noEvent = '"no event"';

test('each alarm on errors goes off when its function really fails three minutes running, and clears', async () => {
  const { lambda } = running.cloud;
  const alarms = alarmsOn('AWS/Lambda', 'Errors');

  for (let minute = 0; minute < 3; minute += 1) {
    for (const { name } of lambda.functions()) await lambda.invoke(name, noEvent, account);
    clock.advance(MINUTE);
  }
  const fired = namesIn('ALARM', alarmsOf('AWS/Lambda'));
  clock.advance(6 * MINUTE);

  expect(alarms).toHaveLength(lambda.functions().length);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
}, 120_000);

test('each alarm on throttles goes off when its function really has no concurrency left, and clears', async () => {
  const { lambda } = running.cloud;
  const alarms = alarmsOn('AWS/Lambda', 'Throttles');
  const reserved = lambda
    .functions()
    .map(({ name, reservedConcurrency }) => [name, reservedConcurrency] as const);

  for (const [name] of reserved) lambda.setReservedConcurrency(name, 0);
  for (let minute = 0; minute < 3; minute += 1) {
    for (const [name] of reserved) await expect(lambda.invoke(name, noEvent, account)).rejects.toThrow();
    clock.advance(MINUTE);
  }
  const fired = namesIn('ALARM', alarmsOf('AWS/Lambda'));
  for (const [name, limit] of reserved) lambda.setReservedConcurrency(name, limit);
  clock.advance(6 * MINUTE);

  expect(alarms).toHaveLength(reserved.length);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
});

test('one failure of a function is no alarm: it is tried again, or the caller is told', () => {
  const { lambda, cloudWatch } = running.cloud;
  const alarms = alarmsOf('AWS/Lambda');

  for (const { name } of lambda.functions())
    cloudWatch.metrics.record('AWS/Lambda', 'Errors', { FunctionName: name }, 5);
  clock.advance(MINUTE);

  expect(namesIn('ALARM', alarms)).toEqual([]);
});

test('the alarm of the API goes off when its callers really are answered 5xx, and clears', async () => {
  const { lambda } = running.cloud;
  const alarms = alarmsOn('AWS/ApiGateway', '5XXError');
  const jobs = new URL('v1/jobs', outputs['ImageApi-dev']?.ApiUrl);
  const asked = lambda.functions().find(({ name }) => name.includes('ListJobs'))?.name ?? '';
  const answers: number[] = [];

  lambda.setReservedConcurrency(asked, 0);
  for (let minute = 0; minute < 3; minute += 1) {
    answers.push((await fetch(jobs, { headers: { 'x-caller-id': 'somebody' } })).status);
    clock.advance(MINUTE);
  }
  const fired = namesIn('ALARM', alarms);
  lambda.setReservedConcurrency(asked, undefined);
  clock.advance(6 * MINUTE);

  expect(answers.filter((status) => status >= 500)).toHaveLength(3);
  expect(alarms).toHaveLength(1);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
});

/** Until the metric of each is there, in this minute, at its threshold. @param passingMs goes by between two looks */
const untilMeasured = (alarms: readonly Alarm[], passingMs = 0) =>
  until(
    'the metrics of the alarms',
    () => {
      clock.advance(passingMs);
      return alarms.filter(({ definition: { namespace, metricName, dimensions, threshold } }) => {
        const now = clock.now();
        const { metrics } = running.cloud.cloudWatch;
        const seen = metrics.statistic(namespace, metricName, dimensions, now, now + 1)?.maximum ?? 0;
        return seen < threshold;
      });
    },
    (unseen) => unseen.length === 0,
    { everyMs: 100 },
  );

test('the alarms of a stream and of its consumers go off when old records really are read, and clear', async () => {
  const { kinesis, lambda } = running.cloud;
  const alarms = [
    ...alarmsOn('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds'),
    ...alarmsOn('AWS/Lambda', 'IteratorAge'),
  ];
  const stream = kinesis.stream(kinesis.names()[0] ?? '');
  const consumers = lambda.eventSourceMappings.list({ eventSourceArn: stream.arn });
  const switchAll = (enabled: boolean) =>
    consumers.forEach(({ UUID }) => {
      lambda.eventSourceMappings.update(UUID, { enabled, settings: {} });
    });

  kinesis.put(stream, { partitionKey: 'one', data: Buffer.from('{}') });
  clock.advance(15 * MINUTE);
  switchAll(true);
  // Both consumers have begun when one has its records; the other waits a second for more.
  await untilMeasured(alarms.filter((one) => !nameOf(one).includes('ArchiveActivity')));
  await untilMeasured(alarms, 1_000);
  switchAll(false);
  clock.advance(MINUTE);
  const fired = namesIn('ALARM', alarms);
  clock.advance(6 * MINUTE);

  expect(alarms).toHaveLength(3);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
});

test('the alarms of a topic go off when its queues, and then their dead letters, really are gone, and clear', async () => {
  const { sns, sqs } = running.cloud;
  const alarms = alarmsOf('AWS/SNS');
  const topics = new Set(alarms.map(({ definition }) => definition.dimensions.TopicName ?? ''));

  for (const queue of sqs.queues.all()) sqs.queues.delete(queue);
  for (const topic of topics)
    await sns.publish(`arn:aws:sns:us-east-1:000000000000:${topic}`, { message: '{}' }, account);
  await untilMeasured(alarms);
  clock.advance(MINUTE);
  const fired = namesIn('ALARM', alarms);
  clock.advance(6 * MINUTE);

  expect(alarms).toHaveLength(6);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
});

/**
 * Made up: the datum is put where the service would put it. That it does, a test of the poller shows
 * (test/local/pollers/kinesis-lost.test.ts); all five retries of a record would have to pass here first.
 */
test('the alarms on lost records go off at their threshold, and clear below it', () => {
  const { cloudWatch } = running.cloud;
  const alarms = alarmsOn('AWS/Lambda', 'DestinationDeliveryFailures');

  for (const { definition } of alarms)
    cloudWatch.metrics.record('AWS/Lambda', definition.metricName, definition.dimensions, 1);
  clock.advance(MINUTE);
  const fired = namesIn('ALARM', alarms);
  clock.advance(6 * MINUTE);

  expect(alarms).toHaveLength(2);
  expect(fired).toEqual(alarms.map(nameOf));
  expect(namesIn('OK', alarms)).toEqual(fired);
});

/** What each alarm of the app watches, and by which of the tests above it was seen to go off and clear. */
const shown = {
  'AWS/SQS ApproximateAgeOfOldestMessage': 'messages that wait',
  'AWS/SQS ApproximateNumberOfMessagesVisible': 'messages that wait',
  'AWS/Lambda Errors': 'invocations that fail',
  'AWS/Lambda Throttles': 'invocations that are refused',
  'AWS/Lambda IteratorAge': 'records that are read late',
  'AWS/Lambda DestinationDeliveryFailures': 'a metric made up',
  'AWS/Kinesis GetRecords.IteratorAgeMilliseconds': 'records that are read late',
  'AWS/SNS NumberOfNotificationsFailed': 'queues that are gone',
  'AWS/SNS NumberOfNotificationsFailedToRedriveToDlq': 'queues that are gone',
  'AWS/ApiGateway 5XXError': 'requests that fail',
};

test('no alarm of the app watches anything else than what was shown here', () => {
  const watched = running.cloud.cloudWatch
    .alarms()
    .map(({ definition: { namespace, metricName } }) => `${namespace} ${metricName}`);

  expect([...new Set(watched)].sort()).toEqual(Object.keys(shown).sort());
});
