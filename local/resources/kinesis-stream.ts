import { z } from 'zod';
import { acceptedNotEmulated, cfnInteger, cfnTags, resourceType } from './resource-type.ts';

/** `Ref` is the stream's name. */
export const kinesisStream = resourceType({
  type: 'AWS::Kinesis::Stream',
  attributes: ['Arn'],
  properties: z.strictObject({
    Name: z.string().optional(),
    ShardCount: cfnInteger(1, 100_000).optional(),
    RetentionPeriodHours: cfnInteger(24, 8760).optional(),
    MaxRecordSizeInKiB: cfnInteger(1024, 10_240).optional(),
    StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
    StreamEncryption: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    DesiredShardLevelMetrics: acceptedNotEmulated('metrics are kept by stream, not by shard'),
    Tags: cfnTags,
  }),
  create: async (
    {
      Name,
      ShardCount: shardCount,
      RetentionPeriodHours: retentionHours,
      MaxRecordSizeInKiB: maxRecordKiB,
      StreamModeDetails,
    },
    { cloud, name: generate },
  ) => {
    const { name, arn } = await cloud.kinesis.ensureStream({
      name: Name ?? generate({ maxLength: 128 }),
      shardCount,
      retentionHours,
      maxRecordKiB,
      mode: StreamModeDetails?.StreamMode,
    });
    return { ref: name, attributes: { Arn: arn } };
  },
});
