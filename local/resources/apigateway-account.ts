import { z } from 'zod';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::Account` */
export const apiGatewayAccount = resourceType({
  type: 'AWS::ApiGateway::Account',
  attributes: ['Id'],
  properties: z.strictObject({
    CloudWatchRoleArn: acceptedNotEmulated('access logs are written without a role'),
  }),
  create: async (_, context) => ({ ref: context.name(), attributes: { Id: context.name() } }),
});
