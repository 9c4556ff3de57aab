import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** Accepted: nothing is routed. `Ref` is the id. */
export const ec2RouteTable = resourceType({
  type: 'AWS::EC2::RouteTable',
  attributes: ['RouteTableId'],
  properties: z.strictObject({
    Tags: cfnTags,
    VpcId: z.string(),
  }),
  create: async (_, { name }) => ({ ref: `rtb-${name()}`, attributes: { RouteTableId: `rtb-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
