import { z } from 'zod';
import { cfnBoolean, cfnTags, resourceType } from './resource-type.ts';

/** Accepted: everything is on 127.0.0.1. `Ref` is the id. */
export const ec2Subnet = resourceType({
  type: 'AWS::EC2::Subnet',
  attributes: ['SubnetId', 'AvailabilityZone', 'VpcId'],
  properties: z.strictObject({
    AvailabilityZone: z.string().optional(),
    CidrBlock: z.string(),
    MapPublicIpOnLaunch: cfnBoolean.optional(),
    Tags: cfnTags,
    VpcId: z.string(),
  }),
  create: async ({ AvailabilityZone, VpcId }, { name }) => ({
    ref: `subnet-${name()}`,
    attributes: { SubnetId: `subnet-${name()}`, AvailabilityZone, VpcId },
  }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
