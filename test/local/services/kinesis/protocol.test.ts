import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { AwsError } from '../../../../local/errors.ts';
import { startKinesis } from './kinesis-server.ts';

const StreamName = 'activity';
const ShardId = 'shardId-000000000000';

let started: Awaited<ReturnType<typeof startKinesis>>;
beforeEach(async () => {
  started = await startKinesis();
  await started.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});
afterEach(() => started.close());

const put = (text: string) =>
  started.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from(text) }));

const iteratorFrom = async (from: Partial<GetShardIteratorCommandInput>) => {
  const input = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const, ...from };
  return (await started.client.send(new GetShardIteratorCommand(input))).ShardIterator;
};

const read = async (from: Partial<GetShardIteratorCommandInput>, Limit?: number) => {
  const ShardIterator = await iteratorFrom(from);
  const answer = await started.client.send(new GetRecordsCommand({ ShardIterator, ...(Limit && { Limit }) }));
  return { ...answer, texts: answer.Records?.map(({ Data }) => Buffer.from(Data ?? []).toString()) };
};

test('a new stream is active, with even shards', async () => {
  const { StreamDescription } = await started.client.send(new DescribeStreamCommand({ StreamName }));

  expect(StreamDescription).toMatchObject({
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/activity',
    StreamStatus: 'ACTIVE',
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: new Date(started.clock.now()),
    Shards: [{ ShardId, HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }],
  });
});

test('each kind of iterator begins where it says', async () => {
  await put('a');
  started.clock.advance(1000);
  const at = new Date(started.clock.now());
  const { SequenceNumber: StartingSequenceNumber } = await put('b');
  const latest = await iteratorFrom({ ShardIteratorType: 'LATEST' });
  await put('c');

  const after = await started.client.send(new GetRecordsCommand({ ShardIterator: latest }));

  expect(after.Records).toHaveLength(1);
  expect((await read({})).texts).toEqual(['a', 'b', 'c']);
  expect((await read({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: at })).texts).toEqual(['b', 'c']);
  const at2 = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber } as const;
  expect((await read(at2)).texts).toEqual(['b', 'c']);
  const after2 = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber } as const;
  expect((await read(after2)).texts).toEqual(['c']);
});

test('reading goes on with the next iterator, and tells how far it is behind', async () => {
  await put('a');
  await put('b');
  started.clock.advance(5000);

  const one = await read({}, 1);
  const { NextShardIterator: ShardIterator } = one;
  const two = await started.client.send(new GetRecordsCommand({ ShardIterator }));

  expect(one).toMatchObject({ texts: ['a'], MillisBehindLatest: 5000 });
  expect(two).toMatchObject({ Records: [{ PartitionKey: 'key' }], MillisBehindLatest: 0 });
});

test('an iterator expires after 5 minutes', async () => {
  const ShardIterator = await iteratorFrom({});

  started.clock.advance(5 * 60_000 + 1);
  const reading = started.client.send(new GetRecordsCommand({ ShardIterator }));

  await expect(reading).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
});

test('a shard is read five times a second', async () => {
  for (let count = 0; count < 5; count += 1) await read({});

  await expect(read({})).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
});

test('PutRecords tells of each record whether it was taken', async () => {
  const records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: Buffer.from('x') }));
  await started.client.send(new PutRecordsCommand({ StreamName, Records: records }));
  await started.client.send(new PutRecordsCommand({ StreamName, Records: records.slice(1) }));

  const answer = await started.client.send(
    new PutRecordsCommand({ StreamName, Records: records.slice(0, 2) }),
  );

  expect(answer).toMatchObject({
    FailedRecordCount: 1,
    Records: [{ ShardId }, { ErrorCode: 'ProvisionedThroughputExceededException' }],
  });
});

test('the end of a split shard names its children', async () => {
  await put('last');
  await started.client.send(
    new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey: String(2n ** 127n) }),
  );

  const answer = await read({});
  const { Shards } = await started.client.send(new ListShardsCommand({ StreamName }));

  expect(answer.texts).toEqual(['last']);
  expect(answer.NextShardIterator).toBeUndefined();
  expect(answer.ChildShards).toMatchObject([
    { ShardId: 'shardId-000000000001', ParentShards: [ShardId] },
    { ShardId: 'shardId-000000000002', ParentShards: [ShardId] },
  ]);
  expect(Shards?.map((shard) => shard.ParentShardId)).toEqual([undefined, ShardId, ShardId]);
});

test('the shard count at most doubles', async () => {
  const scale = (TargetShardCount: number) =>
    started.client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
    );

  await expect(scale(3)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  expect(await scale(2)).toMatchObject({ CurrentShardCount: 1, TargetShardCount: 2 });
});

test('shards are listed page by page', async () => {
  await started.client.send(new CreateStreamCommand({ StreamName: 'wide', ShardCount: 3 }));

  const one = await started.client.send(new ListShardsCommand({ StreamName: 'wide', MaxResults: 2 }));
  const two = await started.client.send(new ListShardsCommand({ NextToken: one.NextToken }));

  expect(one.Shards).toHaveLength(2);
  expect(two.Shards?.map((shard) => shard.ShardId)).toEqual(['shardId-000000000002']);
  expect(two.NextToken).toBeUndefined();
});

test('retention is lengthened and shortened each by its own operation', async () => {
  await started.client.send(
    new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }),
  );
  const increase = new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 });
  await expect(started.client.send(increase)).rejects.toMatchObject({ name: 'InvalidArgumentException' });

  await started.client.send(
    new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 36 }),
  );

  const { StreamDescriptionSummary } = await started.client.send(
    new DescribeStreamSummaryCommand({ StreamName }),
  );
  expect(StreamDescriptionSummary).toMatchObject({ RetentionPeriodHours: 36, OpenShardCount: 1 });
});

test('a deleted stream is gone', async () => {
  await started.client.send(new DeleteStreamCommand({ StreamName }));

  expect((await started.client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  await expect(put('x')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Stream activity under account 000000000000 not found.',
  });
});

test('a consumer is registered, described and deregistered', async () => {
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/activity';
  const consumer = { StreamARN, ConsumerName: 'counter' };

  await started.client.send(new RegisterStreamConsumerCommand(consumer));
  const described = await started.client.send(new DescribeStreamConsumerCommand(consumer));
  await started.client.send(new DeregisterStreamConsumerCommand(consumer));

  expect(described.ConsumerDescription).toMatchObject({ ...consumer, ConsumerStatus: 'ACTIVE' });
  await expect(started.client.send(new DescribeStreamConsumerCommand(consumer))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a caller without the grant is refused, and nothing is put', async () => {
  const denied = await startKinesis({
    iam: {
      authorize: (_, action, arn) => {
        throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
      },
    },
  });
  const stream = await denied.kinesis.createStream({ name: StreamName });

  const putting = denied.client.send(
    new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from('x') }),
  );

  await expect(putting).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(stream.read(stream.shard(ShardId), 0, 1).records).toEqual([]);
  await denied.close();
});
