import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Gap } from '../gap.ts';

const StreamName = 'gap-split-shard';
const HALF_WAY = String(2n ** 127n);

export const splitShardGap: Gap = {
  scenarios: ['stream'],
  reason: 'a shard that is split disappears with its records; Kinesis closes it and keeps them',
  reproduce: async ({ kinesis }) => {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    try {
      await pause(1_500);
      await kinesis.send(
        new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: new TextEncoder().encode('kept') }),
      );
      const ShardToSplit = 'shardId-000000000000';
      await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: HALF_WAY }));
      await pause(1_500);
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      const ids = Shards.map(({ ShardId }) => ShardId);
      return ids.includes(ShardToSplit)
        ? undefined
        : `after SplitShard, ListShards knows ${ids.join(', ')} only`;
    } finally {
      await kinesis.send(new DeleteStreamCommand({ StreamName }));
    }
  },
};
