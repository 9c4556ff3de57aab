import {
  CreateStreamCommand,
  ListShardsCommand,
  type ShardFilter,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesis } from './kinesis-server.ts';

const StreamName = 'activity';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let under: Awaited<ReturnType<typeof startKinesis>>;
let createdAt: number;

/** Shard 0 is open for a minute, then its children 1 and 2; after another minute, 2 has the children 3 and 4. */
beforeEach(async () => {
  under = await startKinesis();
  createdAt = under.clock.now();
  await under.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  for (const [shard, key] of [
    [0, 2n ** 127n],
    [2, 3n * 2n ** 126n],
  ] as const) {
    under.clock.advance(MINUTE_MS);
    const ShardToSplit = `shardId-00000000000${shard}`;
    await under.client.send(
      new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: String(key) }),
    );
  }
  under.clock.advance(MINUTE_MS);
});

afterEach(() => under.close());

const listed = async (ShardFilter: ShardFilter): Promise<number[]> => {
  const { Shards = [] } = await under.client.send(new ListShardsCommand({ StreamName, ShardFilter }));
  return Shards.map(({ ShardId = '' }) => Number(ShardId.slice(-1)));
};
const after = (ms: number) => new Date(createdAt + ms);

test.each([
  [{ Type: 'FROM_TRIM_HORIZON' }, [0, 1, 2, 3, 4]],
  [{ Type: 'AT_TRIM_HORIZON' }, [0]],
  [{ Type: 'AT_LATEST' }, [1, 3, 4]],
  [{ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000002' }, [3, 4]],
] as const)('ListShards gives the shards that a filter asks for: %j', async (filter, expected) => {
  expect(await listed(filter)).toEqual(expected);
});

test('ListShards gives the shards that were open at a time, or since', async () => {
  expect(await listed({ Type: 'AT_TIMESTAMP', Timestamp: after(30_000) })).toEqual([0]);
  expect(await listed({ Type: 'AT_TIMESTAMP', Timestamp: after(90_000) })).toEqual([1, 2]);
  expect(await listed({ Type: 'FROM_TIMESTAMP', Timestamp: after(90_000) })).toEqual([1, 2, 3, 4]);
  expect(await listed({ Type: 'FROM_TIMESTAMP', Timestamp: after(-DAY_MS) })).toEqual([0, 1, 2, 3, 4]);
});

test('AT_TRIM_HORIZON follows the retention period', async () => {
  under.clock.advance(DAY_MS - 1.5 * MINUTE_MS);

  expect(await listed({ Type: 'AT_TRIM_HORIZON' })).toEqual([1, 2]);
});

test('the pages of a filtered list are all filtered', async () => {
  const one = await under.client.send(
    new ListShardsCommand({ StreamName, MaxResults: 2, ShardFilter: { Type: 'AT_LATEST' } }),
  );
  const two = await under.client.send(new ListShardsCommand({ NextToken: one.NextToken }));

  expect([...(one.Shards ?? []), ...(two.Shards ?? [])].map(({ ShardId }) => ShardId?.slice(-1))).toEqual([
    '1',
    '3',
    '4',
  ]);
});

test('a filter without the time or shard that its type needs is refused', async () => {
  for (const Type of ['AT_TIMESTAMP', 'AFTER_SHARD_ID'] as const)
    await expect(listed({ Type })).rejects.toMatchObject({ name: 'ValidationException' });
});
