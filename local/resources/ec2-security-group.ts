import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** Accepted: everything is on 127.0.0.1, which only this machine reaches. `Ref` is the id. */
export const ec2SecurityGroup = resourceType({
  type: 'AWS::EC2::SecurityGroup',
  attributes: ['GroupId', 'Id', 'VpcId'],
  properties: z.strictObject({
    GroupDescription: z.string(),
    GroupName: z.string().optional(),
    SecurityGroupEgress: z.unknown().optional(),
    SecurityGroupIngress: z.unknown().optional(),
    Tags: cfnTags,
    VpcId: z.string().optional(),
  }),
  create: async ({ VpcId }, { name }) => ({
    ref: `sg-${name()}`,
    attributes: { GroupId: `sg-${name()}`, Id: `sg-${name()}`, VpcId },
  }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
