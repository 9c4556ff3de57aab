import { z } from 'zod';
import { cfnNumber, resourceType } from './resource-type.ts';

/** Accepted: functions of this machine reach what this machine reaches. `Ref` is the id. */
export const ec2SecurityGroupEgress = resourceType({
  type: 'AWS::EC2::SecurityGroupEgress',
  attributes: ['Id'],
  properties: z.strictObject({
    CidrIp: z.string().optional(),
    Description: z.string().optional(),
    FromPort: cfnNumber.optional(),
    GroupId: z.string(),
    IpProtocol: z.string(),
    ToPort: cfnNumber.optional(),
    DestinationPrefixListId: z.string().optional(),
    DestinationSecurityGroupId: z.string().optional(),
  }),
  create: async (_, { name }) => ({ ref: `sgr-${name()}`, attributes: { Id: `sgr-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
