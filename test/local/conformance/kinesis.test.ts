import {
  AddTagsToStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { conformance } from './checks.ts';
import { FIRST, HALF, read, streamOf } from './kinesis-stream.ts';

conformance('Kinesis', (check, checkWithTime) => {
  check(
    'Kinesis Developer Guide, "Key concepts"',
    'records of a shard are read in the order in which they were put',
    async (target) => {
      const { put, iterator } = await streamOf(target);
      for (const text of ['1', '2', '3']) await put(text);

      expect(await read(target, await iterator(), 3)).toEqual(['1', '2', '3']);
    },
  );

  check('Kinesis API, "PutRecord"', 'sequence numbers of a key grow', async (target) => {
    const { put } = await streamOf(target);

    const first = await put('1');
    const second = await put('2');

    expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
  });

  check(
    'Kinesis API, "GetShardIterator"',
    'reading begins at, or after, a sequence number',
    async (target) => {
      const { put, iterator } = await streamOf(target);
      await put('1');
      const { SequenceNumber: StartingSequenceNumber } = await put('2');
      await put('3');

      expect(await read(target, await iterator('AT_SEQUENCE_NUMBER', { StartingSequenceNumber }), 2)).toEqual(
        ['2', '3'],
      );
      expect(
        await read(target, await iterator('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber }), 1),
      ).toEqual(['3']);
    },
  );

  check(
    'Kinesis API, "GetShardIterator"',
    'an iterator of type LATEST gives what is put after it',
    async (target) => {
      const { put, iterator } = await streamOf(target);
      await put('before');
      const latest = await iterator('LATEST');
      await put('after');

      expect(await read(target, latest, 1)).toEqual(['after']);
    },
  );

  checkWithTime('Kinesis API, "GetShardIterator"', 'an iterator is good for five minutes', async (target) => {
    const { iterator } = await streamOf(target);
    const ShardIterator = await iterator();
    await target.pass(5 * 60_000 + 1);

    const asked = target.kinesis.send(new GetRecordsCommand({ ShardIterator }));

    await expect(asked).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  });

  check(
    'Kinesis API, "PutRecords"',
    'the results of a batch stand in the order of its records',
    async (target) => {
      const { StreamName, iterator } = await streamOf(target);
      const { Records, FailedRecordCount } = await target.kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: ['1', '2'].map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })),
        }),
      );

      const numbers = Records?.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0)) ?? [];
      expect(FailedRecordCount ?? 0).toBe(0);
      expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
      expect(await read(target, await iterator(), 2)).toEqual(['1', '2']);
    },
  );

  check(
    'Kinesis Developer Guide, "Quotas and limits"',
    'of a batch above a megabyte a second only what is above it fails',
    async (target) => {
      const { StreamName } = await streamOf(target);
      const Data = new Uint8Array(400 * 1024);
      const { Records = [], FailedRecordCount } = await target.kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: [1, 2, 3, 4, 5].map(() => ({ PartitionKey: 'key', Data })),
        }),
      );

      const failed = Records.filter(
        ({ ErrorCode }) => ErrorCode === 'ProvisionedThroughputExceededException',
      );
      expect(FailedRecordCount).toBe(failed.length);
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.length).toBeLessThan(5);
    },
  );

  check(
    'Kinesis Developer Guide, "Resharding a stream"',
    'a split closes its shard, whose two children halve the hash keys',
    async (target) => {
      const { StreamName, active, shards, put } = await streamOf(target);
      await target.kinesis.send(
        new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: HALF }),
      );
      await active();

      const [parent, ...children] = await shards();
      expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toEqual(expect.any(String));
      expect(children.map(({ ParentShardId }) => ParentShardId)).toEqual([FIRST, FIRST]);
      expect((await put('low', 'key', '0')).ShardId).toBe(children[0]?.ShardId);
      expect((await put('high', 'key', HALF)).ShardId).toBe(children[1]?.ShardId);
    },
  );

  check(
    'Kinesis API, "GetRecords"',
    'a closed shard is read to its end, which names its children',
    async (target) => {
      const { StreamName, active, put, iterator } = await streamOf(target);
      await put('last');
      await target.kinesis.send(
        new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: HALF }),
      );
      await active();

      let answer = await target.kinesis.send(new GetRecordsCommand({ ShardIterator: await iterator() }));
      const records = [...(answer.Records ?? [])];
      for (let turn = 0; turn < 5 && answer.NextShardIterator; turn += 1) {
        await target.pass(250);
        answer = await target.kinesis.send(
          new GetRecordsCommand({ ShardIterator: answer.NextShardIterator }),
        );
        records.push(...(answer.Records ?? []));
      }

      expect(records).toHaveLength(1);
      expect(answer.NextShardIterator ?? undefined).toBeUndefined();
      expect(answer.ChildShards).toHaveLength(2);
    },
  );

  check('Kinesis API, "MergeShards"', 'adjacent shards are merged, others are not', async (target) => {
    const { StreamName, active, summary } = await streamOf(target, 3);
    const merge = (ShardToMerge: string, AdjacentShardToMerge: string) =>
      target.kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));

    await expect(merge(FIRST, 'shardId-000000000002')).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    await merge(FIRST, 'shardId-000000000001');
    await active();

    expect((await summary())?.OpenShardCount).toBe(2);
  });

  check(
    'Kinesis API, "UpdateShardCount"',
    'a stream is scaled to at most twice its shards',
    async (target) => {
      const { StreamName, active, summary } = await streamOf(target);
      const scale = (TargetShardCount: number) =>
        target.kinesis.send(
          new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
        );

      await expect(scale(3)).rejects.toMatchObject({
        name: expect.stringMatching(/InvalidArgumentException|LimitExceededException/),
      });
      await scale(2);
      await active();

      expect((await summary())?.OpenShardCount).toBe(2);
    },
  );

  check(
    'Kinesis API, "SubscribeToShard"',
    'a registered consumer is pushed the records of a shard',
    async (target) => {
      const { StreamARN, put } = await streamOf(target);
      const { Consumer } = await target.kinesis.send(
        new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'consumer' }),
      );
      await target.pass(100);
      await put('pushed');

      const { EventStream } = await target.kinesis.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer?.ConsumerARN,
          ShardId: FIRST,
          StartingPosition: { Type: 'TRIM_HORIZON' },
        }),
      );

      const texts: string[] = [];
      for await (const { SubscribeToShardEvent } of EventStream ?? []) {
        texts.push(
          ...(SubscribeToShardEvent?.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()),
        );
        if (texts.length > 0) break;
      }
      expect(texts).toEqual(['pushed']);
    },
  );

  check(
    'Kinesis API, "AddTagsToStream"; recorded on AWS, 25-08-2022',
    'a stream has the tags that were added',
    async (target) => {
      const { StreamName } = await streamOf(target);
      await target.kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { foo: 'bar' } }));

      const listed = await target.kinesis.send(new ListTagsForStreamCommand({ StreamName }));

      expect(listed).toMatchObject({ Tags: [{ Key: 'foo', Value: 'bar' }], HasMoreTags: false });
    },
  );

  check(
    'Kinesis API, common errors; recorded on AWS, 04-09-2025',
    'a stream that does not exist is ResourceNotFoundException',
    async (target) => {
      const asked = target.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: target.name() }));

      await expect(asked).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: expect.stringMatching(/^Stream .* under account \d{12} not found\.$/),
      });
    },
  );
});
