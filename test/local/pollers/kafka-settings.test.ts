import type { PollTarget } from '../../../local/pollers/event-source.ts';
import { kafkaSettings } from '../../../local/pollers/kafka-settings.ts';

const cluster = 'arn:aws:kafka:us-east-1:000000000000:cluster/activity/1-2';

const targetThat = (authorize: PollTarget['authorize']): PollTarget => ({
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
  timeoutMs: 3000,
  role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/counter', session: 'counter' }),
  invoke: () => Promise.reject(new Error('not here')),
  authorize,
});
const anyone = targetThat(() => undefined);

const least = { StartingPosition: 'TRIM_HORIZON', Topics: ['activity'] };
const provisioned = { ...least, ProvisionedPollerConfig: { MinimumPollers: 1 } };

test('what is not said is as Lambda has it', () => {
  expect(kafkaSettings(least, cluster, anyone)).toMatchObject({
    topic: 'activity',
    batchSize: 100,
    bisects: false,
    maximumRetries: Number.POSITIVE_INFINITY,
    maximumAgeMs: Number.POSITIVE_INFINITY,
    pollers: 1,
  });
});

test('endless retries with a destination end after ten', () => {
  const DestinationConfig = { OnFailure: { Destination: 'arn:aws:s3:::failures' } };

  expect(kafkaSettings({ ...provisioned, DestinationConfig }, cluster, anyone).maximumRetries).toBe(10);
});

test.each([
  ['no topic', { ...least, Topics: [] }, /Topics/],
  ['two topics', { ...least, Topics: ['a', 'b'] }, /Topics/],
  [
    'a time without a timestamp',
    { ...least, StartingPosition: 'AT_TIMESTAMP' },
    /StartingPositionTimestamp is required/,
  ],
  ['a property of another source', { ...least, ParallelizationFactor: 2 }, /ParallelizationFactor/],
  ['bisect on demand', { ...least, BisectBatchOnFunctionError: true }, /only with ProvisionedPollerConfig/],
  [
    'a filter that is none',
    { ...least, FilterCriteria: { Filters: [{ Pattern: '[' }] } },
    /Invalid filter pattern/,
  ],
])('%s is refused', (_, settings, reason) => {
  expect(() => kafkaSettings(settings, cluster, anyone)).toThrow(reason);
});

test('a role that may not read the topic is told which grant is missing', () => {
  const withoutRead = targetThat((action) => {
    if (action === 'kafka-cluster:ReadData') throw new Error('no');
  });

  expect(() => kafkaSettings(least, cluster, withoutRead)).toThrow(
    'may not kafka-cluster:ReadData on arn:aws:kafka:us-east-1:000000000000:topic/activity/1-2/activity',
  );
});
