import { VirtualClock } from '../../local/clock.ts';
import { MetricStore } from '../../local/metrics.ts';

const MINUTE = 60_000;
const queue = { QueueName: 'Jobs' };

test('data of a period are counted, added up and bounded', () => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const start = clock.now();
  for (const value of [3, 1, 8]) {
    metrics.record('AWS/SQS', 'Depth', queue, value);
    clock.advance(MINUTE);
  }

  expect(metrics.statistic('AWS/SQS', 'Depth', queue, start, start + 3 * MINUTE)).toEqual({
    count: 3,
    sum: 12,
    minimum: 1,
    maximum: 8,
  });
  expect(metrics.statistic('AWS/SQS', 'Depth', queue, start + MINUTE, start + 2 * MINUTE)).toEqual({
    count: 1,
    sum: 1,
    minimum: 1,
    maximum: 1,
  });
});

test('a metric is told from another by all of its dimensions, in any order', () => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const [from, to] = [clock.now(), clock.now() + MINUTE];
  metrics.record('AWS/ApiGateway', 'Count', { ApiName: 'a', Stage: 'live' }, 1);

  expect(metrics.statistic('AWS/ApiGateway', 'Count', { Stage: 'live', ApiName: 'a' }, from, to)?.count).toBe(
    1,
  );
  expect(metrics.statistic('AWS/ApiGateway', 'Count', { ApiName: 'a' }, from, to)).toBeUndefined();
});

test('what is older than three hours is forgotten', () => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const start = clock.now();
  metrics.record('AWS/SQS', 'Depth', queue, 1);

  clock.advance(181 * MINUTE);
  metrics.record('AWS/SQS', 'Depth', queue, 2);

  expect(metrics.statistic('AWS/SQS', 'Depth', queue, start, clock.now() + MINUTE)?.count).toBe(1);
});
