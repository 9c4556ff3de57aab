import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** Accepted: every service answers at the one endpoint. `Ref` is the id. */
export const ec2VpcEndpoint = resourceType({
  type: 'AWS::EC2::VPCEndpoint',
  attributes: ['Id'],
  properties: z.strictObject({
    RouteTableIds: z.array(z.string()).optional(),
    ServiceName: z.string(),
    Tags: cfnTags,
    VpcEndpointType: z.string().optional(),
    VpcId: z.string(),
  }),
  create: async (_, { name }) => ({ ref: `vpce-${name()}`, attributes: { Id: `vpce-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
