import fc from 'fast-check';
import { VirtualClock } from '../../../../local/clock.ts';
import { evenRanges } from '../../../../local/services/kinesis/hash-key.ts';
import { Kinesis } from '../../../../local/services/kinesis/service.ts';
import { foundation } from '../sqs/sqs-server.ts';

const start = async (shardCount = 1) => {
  const base = foundation(new VirtualClock());
  const kinesis = new Kinesis(base);
  const stream = await kinesis.createStream({ name: 'activity', shardCount });
  const put = (text: string, partitionKey = 'key') => stream.put({ data: Buffer.from(text), partitionKey });
  const read = (shardId: string, position = 0) => {
    const { records, ...rest } = stream.read(stream.shard(shardId), position, 10_000);
    return { ...rest, texts: records.map(({ data }) => Buffer.from(data).toString()) };
  };
  return { ...base, kinesis, stream, put, read };
};

const first = 'shardId-000000000000';

test('records of a partition key are read in the order in which they were put', async () => {
  const { put, read } = await start();

  const numbers = ['a', 'b', 'c'].map((text) => put(text).sequenceNumber);

  expect(read(first)).toMatchObject({ texts: ['a', 'b', 'c'], ended: false });
  expect([...numbers].sort()).toEqual(numbers);
});

test('a shard takes 1000 records a second, and more in the next one', async () => {
  const { put, clock } = await start();
  for (let count = 0; count < 1000; count += 1) put('x');

  expect(() => put('one more')).toThrow('Rate exceeded for shard shardId-000000000000');
  clock.advance(1000);
  expect(put('one more').shardId).toBe(first);
});

test('a shard takes 1 MiB a second', async () => {
  const { put } = await start();
  put('x'.repeat(1024 * 1024 - 10));

  expect(() => put('xxxxx')).toThrow(
    expect.objectContaining({ code: 'ProvisionedThroughputExceededException' }),
  );
});

test('a record is forgotten when it is older than the retention period', async () => {
  const { put, read, clock } = await start();
  put('old');
  clock.advance(23 * 3_600_000);
  put('new');

  clock.advance(3_600_001);

  expect(read(first).texts).toEqual(['new']);
});

test('one read gives at most 10 MiB, and says that more is there', async () => {
  const { put, read, clock } = await start();
  for (let count = 0; count < 12; count += 1) {
    put('x'.repeat(1024 * 1024 - 3));
    clock.advance(1000);
  }

  const { texts, millisBehindLatest, nextPosition } = read(first);

  expect(texts).toHaveLength(10);
  expect(millisBehindLatest).toBe(3000);
  expect(read(first, nextPosition).texts).toHaveLength(2);
});

test('a split shard ends; its children take over where it stopped, with higher sequence numbers', async () => {
  const { put, read, stream } = await start();
  const before = put('before');

  stream.split(first, 2n ** 127n);
  const after = put('after');

  expect(read(first)).toMatchObject({ texts: ['before'], ended: true });
  expect(read(after.shardId)).toMatchObject({ texts: ['after'], ended: false });
  expect(stream.childrenOf(stream.shard(first)).map(({ id }) => id)).toContain(after.shardId);
  expect(after.sequenceNumber > before.sequenceNumber).toBe(true);
});

test('adjacent shards merge into one with both as parents; others are refused', async () => {
  const { stream } = await start(3);
  const [a, b, c] = stream.openShards.map(({ id }) => id);

  expect(() => stream.merge(a ?? '', c ?? '')).toThrow('not an adjacent pair');
  stream.merge(b ?? '', a ?? '');

  expect(stream.openShards.map(({ definition }) => definition.parents)).toEqual([[], [1, 0]]);
});

test('a closed shard is not split again', async () => {
  const { stream } = await start();
  stream.split(first, 2n ** 127n);

  expect(() => stream.split(first, 2n ** 126n)).toThrow('already been merged or split');
});

test('from any number of shards to any other, the open ones are even and every key keeps its order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
      async (count, targets) => {
        const { stream, put, read, store } = await start(count);
        const partitionKeys = ['a', 'b', 'c', 'd'];
        for (const [round, target] of targets.entries()) {
          for (const key of partitionKeys) put(`${key}${round}`, key);
          stream.scaleTo(target);
        }

        const ranges = stream.openShards.map(({ definition }) => definition.range);
        expect([...ranges].sort((x, y) => (x.start < y.start ? -1 : 1))).toEqual(
          evenRanges(targets.at(-1) ?? count),
        );
        const texts = stream.shards.flatMap(({ id }) => read(id).texts);
        for (const key of partitionKeys)
          expect(texts.filter((text) => text.startsWith(key))).toEqual(
            targets.map((_, round) => `${key}${round}`),
          );
        store.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('a cloud that starts again finds streams, shards and records, and goes on counting', async () => {
  const { put, stream, kinesis, ...base } = await start();
  const before = put('before');
  stream.split(first, 2n ** 127n);
  await kinesis.committed();

  const again = new Kinesis(base).stream('activity');
  const after = again.put({ data: Buffer.from('after'), partitionKey: 'key' });

  expect(again.shards.map(({ id, open }) => [id, open])).toEqual(
    stream.shards.map(({ id, open }) => [id, open]),
  );
  expect(again.read(again.shard(first), 0, 10).records).toMatchObject([
    { sequenceNumber: before.sequenceNumber },
  ]);
  expect(after.sequenceNumber > before.sequenceNumber).toBe(true);
});
