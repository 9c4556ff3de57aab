import { z } from 'zod';
import { validation } from './errors.ts';
import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';

/** Kinesis API, "ShardFilter". */
export const shardFilter = z.object({
  Type: z.enum([
    'AFTER_SHARD_ID',
    'AT_TRIM_HORIZON',
    'FROM_TRIM_HORIZON',
    'AT_LATEST',
    'AT_TIMESTAMP',
    'FROM_TIMESTAMP',
  ]),
  ShardId: z.string().optional(),
  /** Seconds since the epoch. */
  Timestamp: z.number().optional(),
});

export type ShardFilter = z.output<typeof shardFilter>;

/** Those of the stream's shards that a reader asks for. @throws ValidationException */
export const filteredShards = (stream: Stream, filter: ShardFilter): readonly Shard[] => {
  switch (filter.Type) {
    case 'FROM_TRIM_HORIZON':
      return stream.shards;
    case 'AT_LATEST':
      return stream.openShards;
    case 'AFTER_SHARD_ID':
      return after(stream, filter);
    case 'AT_TRIM_HORIZON':
      return openAt(stream, stream.trimHorizon);
    case 'AT_TIMESTAMP':
      return openAt(stream, atLeastHorizon(stream, filter));
    default:
      return openSince(stream, atLeastHorizon(stream, filter));
  }
};

const missing = ({ Type }: ShardFilter, name: string) =>
  validation(`ShardFilter of type ${Type} needs ${name}.`);

/** "If the timestamp is less than TRIM_HORIZON, it is corrected to it". Milliseconds since the epoch. */
const atLeastHorizon = (stream: Stream, filter: ShardFilter): number => {
  if (filter.Timestamp === undefined) throw missing(filter, 'Timestamp');
  return Math.max(filter.Timestamp * 1000, stream.trimHorizon);
};

const after = (stream: Stream, filter: ShardFilter): Shard[] => {
  const { ShardId } = filter;
  if (ShardId === undefined) throw missing(filter, 'ShardId');
  return stream.shards.filter(({ id }) => id > ShardId);
};

const openSince = (stream: Stream, at: number): Shard[] =>
  stream.shards.filter(({ definition: { closed } }) => !closed || closed.at >= at);

const openAt = (stream: Stream, at: number): Shard[] =>
  openSince(stream, at).filter((shard) => stream.openedAt(shard) <= at);
