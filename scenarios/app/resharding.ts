import {
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { App } from './app.ts';
import { untilActive } from './own-stream.ts';

const openShards = async (app: App, StreamName: string): Promise<Shard[]> => {
  const { Shards = [] } = await app.kinesis.send(new ListShardsCommand({ StreamName }));
  return Shards.filter(
    ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined,
  ).toSorted((one, other) => (startOf(one) < startOf(other) ? -1 : 1));
};

const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0);
const endOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.EndingHashKey ?? 0);

/** Splits the first open shard in the middle, and waits until it is done. */
export const splitShard = async (app: App, StreamName: string): Promise<void> => {
  const [first] = await openShards(app, StreamName);
  if (!first) throw new Error(`${StreamName} has no shard`);
  const NewStartingHashKey = String((startOf(first) + endOf(first)) / 2n + 1n);
  await app.kinesis.send(
    new SplitShardCommand({ StreamName, ShardToSplit: first.ShardId, NewStartingHashKey }),
  );
  await untilActive(app, StreamName);
};

/** Merges the last two open shards, which are neighbours, and waits until it is done. */
export const mergeShards = async (app: App, StreamName: string): Promise<void> => {
  const [one, other] = (await openShards(app, StreamName)).slice(-2);
  await app.kinesis.send(
    new MergeShardsCommand({ StreamName, ShardToMerge: one?.ShardId, AdjacentShardToMerge: other?.ShardId }),
  );
  await untilActive(app, StreamName);
};
