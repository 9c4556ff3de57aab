import { VirtualClock } from '../../../../local/clock.ts';
import type { Cloud } from '../../../../local/cloud.ts';
import { kinesisStream } from '../../../../local/resources/kinesis-stream.ts';
import { Kinesis } from '../../../../local/services/kinesis/service.ts';
import { foundation } from '../sqs/sqs-server.ts';

const surroundings = () => {
  const base = foundation(new VirtualClock());
  const kinesis = new Kinesis(base);
  const cloud: Partial<Cloud> = { ...base, kinesis };
  const resource = {
    cloud: cloud as Cloud,
    name: () => 'Stack-Activity-1A2B',
    stack: 'Stack',
    logicalId: 'Activity',
    path: 'Stack/Activity',
    asset: () => '',
  };
  const create = (properties: unknown) =>
    kinesisStream.create(kinesisStream.properties.parse(properties), resource);
  return { kinesis, create };
};

test('Ref is the name, Arn an attribute', async () => {
  const { create } = surroundings();

  expect(await create({ ShardCount: '2' })).toEqual({
    ref: 'Stack-Activity-1A2B',
    attributes: { Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/Stack-Activity-1A2B' },
  });
});

test('a changed template reshards the stream and keeps its records', async () => {
  const { create, kinesis } = surroundings();
  await create({ Name: 'activity', ShardCount: 1 });
  const stream = kinesis.stream('activity');
  stream.put({ data: Buffer.from('kept'), partitionKey: 'key' });

  await create({ Name: 'activity', ShardCount: 2, RetentionPeriodHours: 48 });

  expect(stream.openShards).toHaveLength(2);
  expect(stream.state.retentionHours).toBe(48);
  expect(stream.read(stream.shard('shardId-000000000000'), 0, 10).records).toHaveLength(1);
});

test('on demand begins with four shards', async () => {
  const { create, kinesis } = surroundings();

  await create({ Name: 'activity', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });

  expect(kinesis.stream('activity').openShards).toHaveLength(4);
});

test('an unknown property is refused by name', () => {
  expect(kinesisStream.properties.safeParse({ Colour: 'red' }).error?.issues).toMatchObject([
    { keys: ['Colour'] },
  ]);
});
