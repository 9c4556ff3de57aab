import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamConsumersCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesis } from './kinesis-server.ts';

const StreamName = 'activity';
let under: Awaited<ReturnType<typeof startKinesis>>;

beforeEach(async () => {
  under = await startKinesis();
  await under.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});

afterEach(() => under.close());

test('tags are added, listed by pages in the order of their keys, and removed', async () => {
  const { client } = under;
  await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'images', stage: 'test' } }));
  await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'streams' } }));

  const first = await client.send(new ListTagsForStreamCommand({ StreamName, Limit: 1 }));
  const rest = await client.send(
    new ListTagsForStreamCommand({ StreamName, ExclusiveStartTagKey: first.Tags?.[0]?.Key }),
  );
  await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team'] }));
  const left = await client.send(new ListTagsForStreamCommand({ StreamName }));

  expect(first).toMatchObject({ Tags: [{ Key: 'stage', Value: 'test' }], HasMoreTags: true });
  expect(rest).toMatchObject({ Tags: [{ Key: 'team', Value: 'streams' }], HasMoreTags: false });
  expect(left.Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
});

test('a stream is made with its tags', async () => {
  const { client } = under;
  await client.send(
    new CreateStreamCommand({ StreamName: 'tagged', ShardCount: 1, Tags: { team: 'images' } }),
  );

  const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName: 'tagged' }));

  expect(Tags).toEqual([{ Key: 'team', Value: 'images' }]);
});

test('more than fifty tags are refused, and none of them is added', async () => {
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, 'value']));

  await expect(under.client.send(new AddTagsToStreamCommand({ StreamName, Tags }))).rejects.toMatchObject({
    name: 'InvalidArgumentException',
  });

  expect((await under.client.send(new ListTagsForStreamCommand({ StreamName }))).Tags).toEqual([]);
});

test('a stream goes on demand with the shards that it has', async () => {
  const summary = async () =>
    (await under.client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
  const StreamARN = (await summary())?.StreamARN;

  await under.client.send(
    new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  );

  expect(await summary()).toMatchObject({
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    OpenShardCount: 1,
  });
});

test('the shards of a stream on demand are not resharded by request', async () => {
  const { client } = under;
  const onDemand = { StreamName: 'elastic' };
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const;
  await client.send(new CreateStreamCommand({ ...onDemand, StreamModeDetails }));
  const [first, second] = ['shardId-000000000000', 'shardId-000000000001'];

  const requests = [
    client.send(
      new UpdateShardCountCommand({ ...onDemand, TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' }),
    ),
    client.send(new SplitShardCommand({ ...onDemand, ShardToSplit: first, NewStartingHashKey: '1000' })),
    client.send(new MergeShardsCommand({ ...onDemand, ShardToMerge: first, AdjacentShardToMerge: second })),
  ];

  const results = await Promise.allSettled(requests);
  expect(results).toMatchObject(
    results.map(() => ({ status: 'rejected', reason: { name: 'ValidationException' } })),
  );
});

test('a stream has at most twenty consumers, listed by pages', async () => {
  const { client, kinesis } = under;
  const StreamARN = kinesis.arnOf(StreamName);
  const register = (n: number) =>
    client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: `consumer-${n}` }));
  for (let n = 10; n < 30; n += 1) await register(n);

  const tooMany = register(30);

  await expect(tooMany).rejects.toMatchObject({ name: 'LimitExceededException' });
  const one = await client.send(new ListStreamConsumersCommand({ StreamARN, MaxResults: 15 }));
  const two = await client.send(new ListStreamConsumersCommand({ StreamARN, NextToken: one.NextToken }));
  expect(one.Consumers).toHaveLength(15);
  expect(two.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(
    [25, 26, 27, 28, 29].map((n) => `consumer-${n}`),
  );
});

test('an iterator cannot begin in the future', async () => {
  const begin = new GetShardIteratorCommand({
    StreamName,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: new Date(under.clock.now() + 1000),
  });

  await expect(under.client.send(begin)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('a read of 4 MiB uses up two seconds of what a shard gives out', async () => {
  const { client, clock } = under;
  for (let count = 0; count < 4; count += 1) {
    await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: 'one', Data: new Uint8Array(1024 * 1024 - 3) }),
    );
    clock.advance(1000);
  }
  await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'one', Data: new Uint8Array(1024) }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const read = () => client.send(new GetRecordsCommand({ ShardIterator }));

  const first = await read();
  clock.advance(2000);
  await expect(read()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  clock.advance(1);

  expect(first.Records).toHaveLength(5);
  await expect(read()).resolves.toMatchObject({ Records: expect.any(Array) });
});
