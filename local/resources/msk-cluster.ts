import { z } from 'zod';
import { acceptedNotEmulated, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const version = z
  .string()
  .regex(/\.kraft$/, 'only KRaft versions: the broker of this machine has no ZooKeeper');

/** A cluster that leads to the Kafka broker of this machine. `Ref` is the ARN. */
export const mskCluster = resourceType({
  type: 'AWS::MSK::Cluster',
  attributes: ['Arn'],
  properties: z.strictObject({
    BrokerNodeGroupInfo: acceptedNotEmulated('there is one broker, in no zone'),
    ClientAuthentication: acceptedNotEmulated(
      'the broker of this machine knows no IAM: whoever reaches 127.0.0.1 may',
    ),
    ClusterName: z.string().min(1).max(64),
    EncryptionInfo: acceptedNotEmulated('nothing leaves this machine, and nothing is encrypted on it'),
    EnhancedMonitoring: acceptedNotEmulated('only the lag of consumer groups is measured'),
    KafkaVersion: version,
    LoggingInfo: acceptedNotEmulated('the broker writes into the data directory'),
    NumberOfBrokerNodes: cfnNumber.meta({ notEmulated: 'there is one broker' }),
    Tags: cfnTags,
  }),
  create: async ({ ClusterName }, { cloud }) => {
    const { arn } = cloud.msk.ensureCluster(ClusterName);
    return { ref: arn, attributes: { Arn: arn } };
  },
});
