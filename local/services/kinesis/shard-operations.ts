import { z } from 'zod';
import { invalidArgument, validation } from './errors.ts';
import { hashKey, type Operation, onStream, parse } from './operation.ts';
import { type Shard, shardIdOf } from './shard.ts';
import { filteredShards, shardFilter } from './shard-filter.ts';
import type { Stream } from './stream.ts';

/** A shard as `ListShards` and `DescribeStream` show it. */
export const shardDescription = (stream: Stream, { id, definition }: Shard) => {
  const { index, range, parents, firstPosition, closed } = definition;
  const [parent, adjacent] = parents;
  return {
    ShardId: id,
    HashKeyRange: { StartingHashKey: String(range.start), EndingHashKey: String(range.end) },
    SequenceNumberRange: {
      StartingSequenceNumber: stream.sequenceNumberOf(index, firstPosition),
      ...(closed && { EndingSequenceNumber: stream.sequenceNumberOf(index, closed.nextPosition) }),
    },
    ...(parent !== undefined && { ParentShardId: shardIdOf(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardIdOf(adjacent) }),
  };
};

/** A shard as it follows on a closed one. */
export const shardSummary = (stream: Stream, shard: Shard) => {
  const { ShardId, HashKeyRange, ParentShardId, AdjacentParentShardId } = shardDescription(stream, shard);
  const ParentShards = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined);
  return { ShardId, HashKeyRange, ParentShards };
};

const nextToken = z.object({ stream: z.string(), after: z.string(), filter: shardFilter.optional() });

const encodeToken = (token: z.output<typeof nextToken>): string =>
  Buffer.from(JSON.stringify(token)).toString('base64');

const decodeToken = (text: string): z.output<typeof nextToken> => {
  try {
    return nextToken.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
  } catch {
    throw invalidArgument('Invalid NextToken.');
  }
};

const shardPage = z.object({
  ExclusiveStartShardId: z.string().optional(),
  MaxResults: z.number().int().min(1).max(10_000).default(1000),
  ShardFilter: shardFilter.optional(),
});

const shardsOf = onStream(
  'ListShards',
  shardPage,
  ({ ExclusiveStartShardId: after = '', MaxResults, ShardFilter: filter }, { stream }) => {
    const wanted = filter ? filteredShards(stream, filter) : stream.shards;
    const shards = wanted.filter(({ id }) => id > after);
    const page = shards.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      Shards: page.map((shard) => shardDescription(stream, shard)),
      ...(last &&
        shards.length > MaxResults && {
          NextToken: encodeToken({ stream: stream.name, after: last.id, filter }),
        }),
    };
  },
);

/** A `NextToken` stands for the stream too: "You must not specify StreamName with it". */
const listShards: Operation = (input, request) => {
  const { NextToken, ...page } = parse(z.looseObject({ NextToken: z.string().optional() }), input);
  if (NextToken === undefined) return shardsOf(input, request);
  const { stream, after, filter } = decodeToken(NextToken);
  const next = { StreamName: stream, ExclusiveStartShardId: after, ShardFilter: filter };
  return shardsOf({ ...page, ...next }, request);
};

/** "This API is only supported for data streams with the provisioned capacity mode" (Kinesis API, "SplitShard"). */
const checkProvisioned = ({ name, state }: Stream): void => {
  if (state.mode === 'ON_DEMAND')
    throw validation(`Stream ${name} is in on-demand mode: its shards are not resharded by request.`);
};

const splitShard = onStream(
  'SplitShard',
  z.object({ ShardToSplit: z.string(), NewStartingHashKey: hashKey }),
  ({ ShardToSplit, NewStartingHashKey }, { stream }) => {
    checkProvisioned(stream);
    stream.split(ShardToSplit, NewStartingHashKey);
    return undefined;
  },
);

const mergeShards = onStream(
  'MergeShards',
  z.object({ ShardToMerge: z.string(), AdjacentShardToMerge: z.string() }),
  ({ ShardToMerge, AdjacentShardToMerge }, { stream }) => {
    checkProvisioned(stream);
    stream.merge(ShardToMerge, AdjacentShardToMerge);
    return undefined;
  },
);

/** "You cannot scale up to more than double your current shard count, or down below half" (Kinesis API, "UpdateShardCount"). */
const updateShardCount = onStream(
  'UpdateShardCount',
  z.object({ TargetShardCount: z.number().int().min(1), ScalingType: z.literal('UNIFORM_SCALING') }),
  ({ TargetShardCount }, { stream }) => {
    checkProvisioned(stream);
    const current = stream.openShards.length;
    if (TargetShardCount > current * 2 || TargetShardCount < current / 2)
      throw invalidArgument(
        `UpdateShardCount cannot scale from ${current} to ${TargetShardCount} open shards: between half and double is allowed.`,
      );
    stream.scaleTo(TargetShardCount);
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      CurrentShardCount: current,
      TargetShardCount,
    };
  },
);

export const shardOperations: Readonly<Record<string, Operation>> = {
  ListShards: listShards,
  SplitShard: splitShard,
  MergeShards: mergeShards,
  UpdateShardCount: updateShardCount,
};
