import { z } from 'zod';
import { acceptedNotEmulated, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

/** `Ref` is the stream's name. */
export const kinesisStream = resourceType({
  type: 'AWS::Kinesis::Stream',
  attributes: ['Arn'],
  properties: z.strictObject({
    Name: z.string().optional(),
    ShardCount: cfnNumber.optional(),
    RetentionPeriodHours: cfnNumber.optional(),
    MaxRecordSizeInKiB: cfnNumber.optional(),
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
