import { z } from 'zod';
import { cfnNumber, resourceType } from './resource-type.ts';

/** Accepted: everything is on 127.0.0.1, which only this machine reaches. `Ref` is the id. */
export const ec2SecurityGroupIngress = resourceType({
  type: 'AWS::EC2::SecurityGroupIngress',
  attributes: ['Id'],
  properties: z.strictObject({
    CidrIp: z.string().optional(),
    Description: z.string().optional(),
    FromPort: cfnNumber.optional(),
    GroupId: z.string(),
    IpProtocol: z.string(),
    ToPort: cfnNumber.optional(),
    SourceSecurityGroupId: z.string().optional(),
  }),
  create: async (_, { name }) => ({ ref: `sgr-${name()}`, attributes: { Id: `sgr-${name()}` } }),
  limits: () => [{ reason: 'there is no network to divide on this machine' }],
});
