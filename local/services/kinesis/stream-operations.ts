import { z } from 'zod';
import { invalidArgument } from './errors.ts';
import { type Operation, onStream, operation, seconds } from './operation.ts';
import { shardDescription } from './shard-operations.ts';
import type { Stream } from './stream.ts';
import { checkTagCount, tags } from './tag-operations.ts';

const streamName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_.-]+$/);

/** In KiB: "Specify a value between 1024 and 10240 KiB" (Kinesis API, "UpdateMaxRecordSize"). */
const recordSize = z.number().int().min(1024).max(10_240);

const createStream = operation(
  z.object({
    StreamName: streamName,
    ShardCount: z.number().int().min(1).optional(),
    MaxRecordSizeInKiB: recordSize.optional(),
    StreamModeDetails: z.object({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
    Tags: tags.default({}),
  }),
  async (
    { StreamName: name, ShardCount, StreamModeDetails, MaxRecordSizeInKiB, Tags },
    { kinesis, call },
  ) => {
    call.authorize('kinesis:CreateStream', kinesis.arnOf(name));
    checkTagCount(name, Tags);
    await kinesis.createStream({
      name,
      shardCount: ShardCount,
      mode: StreamModeDetails?.StreamMode,
      maxRecordKiB: MaxRecordSizeInKiB,
      tags: Tags,
    });
    return undefined;
  },
);

const deleteStream = onStream(
  'DeleteStream',
  z.object({ EnforceConsumerDeletion: z.boolean().nullish() }),
  async ({ EnforceConsumerDeletion }, { kinesis, stream }) => {
    if (stream.state.consumers.length > 0 && !EnforceConsumerDeletion)
      throw invalidArgument(`Stream ${stream.name} has registered consumers`);
    await kinesis.deleteStream(stream.name);
    return undefined;
  },
);

const common = ({ name, arn, state }: Stream) => ({
  StreamName: name,
  StreamARN: arn,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: state.mode },
  RetentionPeriodHours: state.retentionHours,
  StreamCreationTimestamp: seconds(state.createdAt),
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: 'NONE',
});

const describeStream = onStream(
  'DescribeStream',
  z.object({
    Limit: z.number().int().min(1).max(10_000).default(100),
    ExclusiveStartShardId: z.string().default(''),
  }),
  ({ Limit, ExclusiveStartShardId }, { stream }) => {
    const shards = stream.shards.filter(({ id }) => id > ExclusiveStartShardId);
    const Shards = shards.slice(0, Limit).map((shard) => shardDescription(stream, shard));
    return { StreamDescription: { ...common(stream), Shards, HasMoreShards: shards.length > Limit } };
  },
);

const describeStreamSummary = onStream('DescribeStreamSummary', z.object({}), (_, { stream }) => ({
  StreamDescriptionSummary: {
    ...common(stream),
    OpenShardCount: stream.openShards.length,
    ConsumerCount: stream.state.consumers.length,
    MaxRecordSizeInKiB: stream.state.maxRecordKiB,
  },
}));

const listStreams = operation(
  z.object({
    Limit: z.number().int().min(1).max(10_000).default(100),
    ExclusiveStartStreamName: z.string().default(''),
    NextToken: z.string().optional(),
  }),
  ({ Limit, ExclusiveStartStreamName, NextToken }, { kinesis, call }) => {
    call.authorize('kinesis:ListStreams', '*');
    const names = kinesis.names().filter((name) => name > (NextToken ?? ExclusiveStartStreamName));
    const StreamNames = names.slice(0, Limit);
    const last = StreamNames.at(-1);
    const HasMoreStreams = names.length > Limit;
    return {
      StreamNames,
      HasMoreStreams,
      ...(HasMoreStreams && last !== undefined && { NextToken: last }),
      StreamSummaries: StreamNames.map((name) => {
        const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } = common(
          kinesis.stream(name),
        );
        return { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
      }),
    };
  },
);

const retention = z.object({ RetentionPeriodHours: z.number().int().min(24).max(8760) });

const increaseRetention = onStream(
  'IncreaseStreamRetentionPeriod',
  retention,
  ({ RetentionPeriodHours: retentionHours }, { stream }) => {
    if (retentionHours < stream.state.retentionHours)
      throw invalidArgument(
        `Requested retention period (${retentionHours} hours) for stream ${stream.name} can not be shorter than existing retention period (${stream.state.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      );
    stream.change({ retentionHours });
    return undefined;
  },
);

const decreaseRetention = onStream(
  'DecreaseStreamRetentionPeriod',
  retention,
  ({ RetentionPeriodHours: retentionHours }, { stream }) => {
    if (retentionHours > stream.state.retentionHours)
      throw invalidArgument(
        `Requested retention period (${retentionHours} hours) for stream ${stream.name} can not be longer than existing retention period (${stream.state.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      );
    stream.change({ retentionHours });
    return undefined;
  },
);

/** From provisioned to on demand and back: its shards stay what they are (Kinesis API, "UpdateStreamMode"). */
const updateStreamMode = onStream(
  'UpdateStreamMode',
  z.object({
    StreamARN: z.string(),
    StreamModeDetails: z.object({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }),
  }),
  ({ StreamModeDetails: { StreamMode: mode } }, { stream }) => {
    stream.change({ mode });
    return undefined;
  },
);

const updateMaxRecordSize = onStream(
  'UpdateMaxRecordSize',
  z.object({ MaxRecordSizeInKiB: recordSize }),
  ({ MaxRecordSizeInKiB: maxRecordKiB }, { stream }) => {
    stream.change({ maxRecordKiB });
    return undefined;
  },
);

export const streamOperations: Readonly<Record<string, Operation>> = {
  CreateStream: createStream,
  DeleteStream: deleteStream,
  DescribeStream: describeStream,
  DescribeStreamSummary: describeStreamSummary,
  ListStreams: listStreams,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateStreamMode: updateStreamMode,
  IncreaseStreamRetentionPeriod: increaseRetention,
  DecreaseStreamRetentionPeriod: decreaseRetention,
};
