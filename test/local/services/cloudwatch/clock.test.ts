import { setImmediate } from 'node:timers/promises';
import { SystemClock, VirtualClock } from '../../../../local/clock.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import { CloudWatch, type Gauge } from '../../../../local/services/cloudwatch/service.ts';
import { foundation } from '../sqs/sqs-server.ts';
import { depthAlarm, MINUTE } from './cloud-in-test.ts';

const noTopics = { publish: async () => ({ messageId: 'm' }) };

/** A clock whose hands are moved at once, as a skip does: nothing runs on the way. */
class JumpingClock extends VirtualClock {
  #jumpedMs = 0;

  override now(): number {
    return super.now() + this.#jumpedMs;
  }

  jump(ms: number): void {
    this.#jumpedMs += ms;
    // What was due on the way is run now.
    this.advance(MINUTE);
  }
}

const inTest = (gauge: Gauge) => {
  const clock = new JumpingClock();
  const metrics = new MetricStore(clock);
  const cloudWatch = new CloudWatch(foundation(clock), { metrics, gauges: [gauge], topics: noTopics });
  return { clock, metrics, cloudWatch };
};

test('a skip evaluates every full minute on the way, in order', async () => {
  const start = new VirtualClock().now();
  const measured: number[] = [];
  const { clock, cloudWatch } = inTest((metrics, at) => {
    measured.push((at - start) / MINUTE);
    const metric = { namespace: 'AWS/SQS', name: 'Depth', dimensions: { QueueName: 'Jobs' } };
    metrics.recordAt(at - 1, metric, (at - start) / MINUTE);
  });
  await cloudWatch.putAlarm(depthAlarm());

  clock.jump(15 * MINUTE);

  expect(measured).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  expect(cloudWatch.find('Backlog')?.state).toMatchObject({ value: 'ALARM', at: start + 10 * MINUTE });
});

test('a skip of years is bounded by the three hours that metrics are kept', async () => {
  let measured = 0;
  const { clock, cloudWatch } = inTest(() => {
    measured += 1;
  });
  await cloudWatch.putAlarm(depthAlarm());

  clock.jump(3 * 365 * 24 * 60 * MINUTE);

  expect(measured).toBe(180);
});

test('nothing runs while there is no alarm, and one measurement a minute once there is', async () => {
  let measured = 0;
  const { clock, cloudWatch } = inTest(() => {
    measured += 1;
  });
  clock.advance(60 * MINUTE);
  const before = measured;

  await cloudWatch.putAlarm(depthAlarm({ name: 'one' }));
  await cloudWatch.putAlarm(depthAlarm({ name: 'two' }));
  clock.advance(3 * MINUTE);

  expect({ before, after: measured }).toEqual({ before: 0, after: 3 });
});

test('nothing runs after the end', async () => {
  let measured = 0;
  const { clock, cloudWatch } = inTest(() => {
    measured += 1;
  });
  await cloudWatch.putAlarm(depthAlarm());

  await cloudWatch.close();
  clock.advance(10 * MINUTE);

  expect(measured).toBe(0);
});

test('the clock of a running cloud, moved forward, has its alarms evaluated at once', async () => {
  const clock = new SystemClock();
  const metrics = new MetricStore(clock);
  const measured: number[] = [];
  const gauge: Gauge = (_, at) => measured.push(at);
  const cloudWatch = new CloudWatch(foundation(clock), { metrics, gauges: [gauge], topics: noTopics });
  await cloudWatch.putAlarm(depthAlarm());

  clock.advance(16 * MINUTE);
  while (measured.length === 0) await setImmediate();

  expect(measured).toHaveLength(16);
  expect(new Set(measured.map((at) => at % MINUTE))).toEqual(new Set([0]));
  await cloudWatch.close();
  clock.close();
});
