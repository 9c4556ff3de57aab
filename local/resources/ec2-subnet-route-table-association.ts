import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** Accepted: nothing is routed. `Ref` is the id. */
export const ec2SubnetRouteTableAssociation = resourceType({
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  attributes: ['Id'],
  properties: z.strictObject({
    RouteTableId: z.string(),
    SubnetId: z.string(),
  }),
  create: async (_, { name }) => ({ ref: `rtbassoc-${name()}`, attributes: { Id: `rtbassoc-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
