import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { App } from './app.ts';

/** A record as it was put, and the shard that it lies in. */
export interface Read {
  readonly shard: string;
  readonly sequenceNumber: string;
  readonly key: string;
  readonly data: string;
}

/** Reads a stream from now on, all shards; each call of what it gives back reads on from where the last one ended. */
export const readFromNow = async (app: App, StreamName: string): Promise<() => Promise<Read[]>> => {
  const { Shards = [] } = await app.kinesis.send(new ListShardsCommand({ StreamName }));
  const iterators = new Map<string, string | undefined>();
  for (const { ShardId = '' } of Shards) {
    const { ShardIterator } = await app.kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' }),
    );
    iterators.set(ShardId, ShardIterator);
  }
  return async () => {
    const read: Read[] = [];
    for (const [shard, ShardIterator] of iterators) {
      if (ShardIterator === undefined) continue;
      const { Records = [], NextShardIterator } = await app.kinesis.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      iterators.set(shard, NextShardIterator);
      read.push(...Records.map((record) => readOf(shard, record)));
    }
    return read;
  };
};

const readOf = (
  shard: string,
  { SequenceNumber = '', PartitionKey = '', Data = new Uint8Array() }: _Record,
): Read => ({
  shard,
  sequenceNumber: SequenceNumber,
  key: PartitionKey,
  data: Buffer.from(Data).toString(),
});
