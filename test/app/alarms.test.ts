import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../bin/boot.ts';
import { readAssembly } from '../../local/assembly/assembly.ts';
import { VirtualClock } from '../../local/clock.ts';
import { deploy } from '../../local/deploy.ts';
import type { Alarm } from '../../local/services/cloudwatch/alarm.ts';
import { type RunningCloud, startCloud } from '../../local/start-cloud.ts';

const MINUTE = 60_000;
const LONGEST_AGE = 24 * 60 * MINUTE;
const clock = new VirtualClock();
let directory: string;
let running: RunningCloud;

/** The app with somebody to tell, on a clock of its own, and nobody who takes from its queues and streams. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-alarms-'));
  const assembly = join(directory, 'cdk.out');
  await synthesize(assembly, { alarmEmail: 'on-call@example.com' });
  running = await startCloud({ port: 0, dataDir: join(directory, 'data'), clock });
  await deploy(running.cloud, await readAssembly(assembly));
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

test('each alarm on a function goes off when it keeps failing, is throttled, behind or loses records, and clears when it does not', () => {
  const { lambda, cloudWatch } = running.cloud;
  const alarms = alarmsOf('AWS/Lambda');

  for (let minute = 0; minute < 3; minute += 1) {
    for (const { name } of lambda.functions()) {
      for (const metric of ['Errors', 'Throttles', 'DestinationDeliveryFailures'])
        cloudWatch.metrics.record('AWS/Lambda', metric, { FunctionName: name }, 1);
      cloudWatch.metrics.record('AWS/Lambda', 'IteratorAge', { FunctionName: name }, 15 * MINUTE);
    }
    clock.advance(MINUTE);
  }
  const fired = namesIn('ALARM', alarms);
  clock.advance(6 * MINUTE);

  expect(alarms.length).toBeGreaterThan(60);
  expect(fired).toEqual(alarms.map(({ definition }) => definition.name));
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

test('a function that really fails three minutes running sets off its alarm on errors, and no other', async () => {
  const { lambda } = running.cloud;
  clock.advance(10 * MINUTE);
  const failing = lambda.functions().find(({ name }) => name.includes('KeepFeedback'))?.name ?? '';

  for (let minute = 0; minute < 3; minute += 1) {
    await lambda.invoke(failing, '"no batch"', { kind: 'account' });
    clock.advance(MINUTE);
  }

  expect(namesIn('ALARM', alarmsOf('AWS/Lambda'))).toEqual([
    expect.stringMatching(/KeepFeedbackErrorsAlarm/),
  ]);
});

test.each(['AWS/SNS', 'AWS/Kinesis', 'AWS/ApiGateway'])(
  'each alarm of %s goes off at its threshold, and clears below it',
  (namespace) => {
    const { cloudWatch } = running.cloud;
    const alarms = alarmsOf(namespace);

    for (let minute = 0; minute < 3; minute += 1) {
      for (const { definition } of alarms) {
        const { metricName, dimensions, threshold } = definition;
        cloudWatch.metrics.record(namespace, metricName, dimensions, threshold);
      }
      clock.advance(MINUTE);
    }
    const fired = namesIn('ALARM', alarms);
    clock.advance(6 * MINUTE);

    expect(alarms.length).toBeGreaterThan(0);
    expect(fired).toEqual(alarms.map(({ definition }) => definition.name));
    expect(namesIn('OK', alarms)).toEqual(fired);
  },
);
