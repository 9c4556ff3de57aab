import { VirtualClock } from '../../../local/clock.ts';
import { MetricStore } from '../../../local/metrics.ts';
import { foundation } from '../services/sqs/sqs-server.ts';
import { streamWith } from './kinesis-mapping.ts';

const MINUTE = 60_000;

/** A stream whose consumer gives up at the first failure. */
const hasty = async () => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const stream = await streamWith(1, { ...foundation(clock), metrics });
  const Destination = 'arn:aws:s3:::failures';
  await stream.map({
    BatchSize: 1,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination } },
  });
  const lost = () =>
    metrics.statistic(
      'AWS/Lambda',
      'DestinationDeliveryFailures',
      { FunctionName: 'counter' },
      ...[clock.now() - MINUTE, clock.now() + MINUTE],
    )?.sum;
  return { ...stream, lost };
};

/** Lambda guide, "Types of metrics for Lambda functions": "Lambda emits a 1" for each delivery that fails. */
test('what the destination does not take is dropped, counted for the function, and holds nothing up', async () => {
  const { put, last, texts, told, denied, lost } = await hasty();
  denied.on = true;
  await put('poison', 'good');

  await last().fail();
  await last().answer();

  expect(told).toEqual([]);
  expect(lost()).toBe(1);
  expect(texts()).toEqual([['poison'], ['good']]);
});

test('what it does take is not counted', async () => {
  const { put, last, told, lost } = await hasty();
  await put('poison');

  await last().fail();

  expect(told).toHaveLength(1);
  expect(lost()).toBeUndefined();
});

/** Lambda guide, "Configuring error handling controls for Kinesis event sources": retries do not count service errors. */
test('records that a failing service has not brought to the function wait, and use up no retries', async () => {
  const { put, last, texts, told, outage, advance } = await hasty();
  outage.on = true;
  await put('patient');

  await advance(MINUTE);
  outage.on = false;
  await advance(MINUTE);
  await last().answer();

  expect(texts()).toEqual([['patient']]);
  expect(told).toEqual([]);
});
