import { z } from 'zod';
import { cfnNumber, resourceType } from './resource-type.ts';

/** `key=value` lines in base64 (CloudFormation template reference, "AWS::MSK::Topic"). */
const configs = z.string().transform((encoded) => {
  const lines = Buffer.from(encoded, 'base64').toString().split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value] = /^\s*([^#=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
});

/** A topic of the broker of this machine. `Ref` is the ARN. */
export const mskTopic = resourceType({
  type: 'AWS::MSK::Topic',
  attributes: ['TopicArn'],
  properties: z.strictObject({
    ClusterArn: z.string(),
    Configs: configs.optional(),
    PartitionCount: cfnNumber,
    ReplicationFactor: cfnNumber.meta({ notEmulated: 'there is one broker, which has the only copy' }),
    TopicName: z.string().min(1).max(249),
  }),
  create: async ({ ClusterArn, Configs = {}, PartitionCount, TopicName }, { cloud }) => {
    const { arn } = cloud.msk.cluster(ClusterArn);
    await cloud.msk.ensureTopic({ name: TopicName, partitions: PartitionCount, configs: Configs });
    const topicArn = `${arn.replace(':cluster/', ':topic/')}/${TopicName}`;
    return { ref: topicArn, attributes: { TopicArn: topicArn } };
  },
});
