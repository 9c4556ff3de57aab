import { VirtualClock } from '../../../../local/clock.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import { queueGauges } from '../../../../local/services/sqs/gauges.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { arnOf, asAccount, foundation } from './sqs-server.ts';

const MINUTE = 60_000;
const arn = arnOf('Jobs');

const inTest = async () => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const sqs = new Sqs({ ...foundation(clock), metrics });
  await sqs.createQueue({ name: 'Jobs', attributes: {} });
  const start = clock.now();
  /** The last full minute of a metric. */
  const last = (name: string) => {
    const end = Math.floor(clock.now() / MINUTE) * MINUTE;
    return metrics.statistic('AWS/SQS', name, { QueueName: 'Jobs' }, end - MINUTE, end);
  };
  const measure = queueGauges(sqs, clock);
  const send = (delaySeconds = 0) => sqs.send(arn, { body: 'x', delaySeconds }, asAccount);
  return { clock, metrics, sqs, start, last, measure, send };
};

test('what is sent, received in vain, received and deleted is counted', async () => {
  const { clock, sqs, last, send } = await inTest();

  await sqs.receive(arn, { max: 10, waitMs: 0 });
  for (let n = 0; n < 3; n += 1) await send();
  const received = await sqs.receive(arn, { max: 2, waitMs: 0 });
  await sqs.deleteMessages(
    arn,
    received.map(({ receiptHandle }) => receiptHandle),
  );
  clock.advance(MINUTE);

  const sums = Object.fromEntries(
    [
      'NumberOfMessagesSent',
      'NumberOfEmptyReceives',
      'NumberOfMessagesReceived',
      'NumberOfMessagesDeleted',
    ].map((name) => [name, last(name)?.sum]),
  );
  expect(sums).toEqual({
    NumberOfMessagesSent: 3,
    NumberOfEmptyReceives: 1,
    NumberOfMessagesReceived: 2,
    NumberOfMessagesDeleted: 2,
  });
});

test('what waits, is in flight and is delayed is measured at the end of a minute, and its age in seconds', async () => {
  const { clock, metrics, sqs, last, measure, send } = await inTest();
  clock.advance(10_000);
  for (let n = 0; n < 3; n += 1) await send();
  await send(300);
  await sqs.receive(arn, { max: 1, waitMs: 0, visibilityMs: 600_000 });

  clock.advance(50_000);
  measure(metrics, clock.now());

  const measured = Object.fromEntries(
    [
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateAgeOfOldestMessage',
    ].map((name) => [name, last(name)?.maximum]),
  );
  expect(measured).toEqual({
    ApproximateNumberOfMessagesVisible: 2,
    ApproximateNumberOfMessagesNotVisible: 1,
    ApproximateNumberOfMessagesDelayed: 1,
    ApproximateAgeOfOldestMessage: 50,
  });
});

test('an empty queue has a depth of 0 and no age', async () => {
  const { clock, metrics, last, measure } = await inTest();

  clock.advance(MINUTE);
  measure(metrics, clock.now());

  expect(last('ApproximateNumberOfMessagesVisible')).toMatchObject({ count: 1, maximum: 0 });
  expect(last('ApproximateAgeOfOldestMessage')).toBeUndefined();
});

test('after a skip the age of each minute on the way is what it was then', async () => {
  const { clock, metrics, start, measure, send } = await inTest();
  clock.advance(90_000);
  await send();

  clock.advance(10 * MINUTE);
  for (let minute = 1; minute <= 11; minute += 1) measure(metrics, start + minute * MINUTE);

  const ages = Array.from({ length: 11 }, (_, minute) => {
    const from = start + minute * MINUTE;
    return metrics.statistic(
      'AWS/SQS',
      'ApproximateAgeOfOldestMessage',
      { QueueName: 'Jobs' },
      from,
      from + MINUTE,
    )?.maximum;
  });
  expect(ages).toEqual([undefined, ...Array.from({ length: 10 }, (_, n) => 30 + n * 60)]);
});

test('a message that was moved to a dead-letter queue was not sent to it', async () => {
  const { clock, metrics, sqs, send } = await inTest();
  await sqs.createQueue({ name: 'Dead', attributes: {} });
  sqs.setAttributes(sqs.queues.get(arn), {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 1 }),
  });
  await send();
  await sqs.receive(arn, { max: 1, waitMs: 0, visibilityMs: 0 });
  await sqs.receive(arn, { max: 1, waitMs: 0 });

  const dead = { QueueName: 'Dead' };
  const sent = metrics.statistic('AWS/SQS', 'NumberOfMessagesSent', dead, 0, clock.now() + MINUTE);

  expect(sqs.depth(arnOf('Dead')).visible).toBe(1);
  expect(sent).toBeUndefined();
});
