import { z } from 'zod';
import { cfnBoolean, cfnTags, resourceType } from './resource-type.ts';

/** Accepted: everything is on 127.0.0.1. `Ref` is the id. */
export const ec2Vpc = resourceType({
  type: 'AWS::EC2::VPC',
  attributes: ['VpcId', 'CidrBlock'],
  properties: z.strictObject({
    CidrBlock: z.string(),
    EnableDnsHostnames: cfnBoolean.optional(),
    EnableDnsSupport: cfnBoolean.optional(),
    InstanceTenancy: z.string().optional(),
    Tags: cfnTags,
  }),
  create: async ({ CidrBlock }, { name }) => ({
    ref: `vpc-${name()}`,
    attributes: { VpcId: `vpc-${name()}`, CidrBlock },
  }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
