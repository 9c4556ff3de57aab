import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** Accepted: no traffic is refused. `Ref` is the id. */
export const ec2FlowLog = resourceType({
  type: 'AWS::EC2::FlowLog',
  attributes: ['Id'],
  properties: z.strictObject({
    DeliverLogsPermissionArn: z.string().optional(),
    LogDestinationType: z.string().optional(),
    LogGroupName: z.string().optional(),
    ResourceId: z.string(),
    ResourceType: z.string(),
    Tags: cfnTags,
    TrafficType: z.string().optional(),
  }),
  create: async (_, { name }) => ({ ref: `fl-${name()}`, attributes: { Id: `fl-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
