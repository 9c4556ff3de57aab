import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { socketApi } from './apigatewayv2-lookup.ts';
import { acceptedNotEmulated, cfnNumber, resourceType } from './resource-type.ts';

/** `AWS::ApiGatewayV2::Integration` of a WebSocket API: a function, or nobody. */
export const apiGatewayV2Integration = resourceType({
  type: 'AWS::ApiGatewayV2::Integration',
  attributes: ['IntegrationId'],
  properties: z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.enum(['AWS_PROXY', 'MOCK']),
    IntegrationUri: z
      .string()
      .regex(/:lambda:path\/2015-03-31\/functions\/.+\/invocations$/, 'Only the invocation of a function')
      .optional(),
    IntegrationMethod: acceptedNotEmulated('functions are always invoked by POST'),
    CredentialsArn: z.string().optional(),
    Description: z.string().optional(),
    TimeoutInMillis: cfnNumber.default(29_000),
  }),
  create: async (properties, { cloud, stack, logicalId }) => {
    const id = stableId(7, stack, logicalId);
    socketApi(cloud, properties.ApiId).integrations.set(id, {
      type: properties.IntegrationType,
      ...(properties.IntegrationUri !== undefined && { uri: properties.IntegrationUri }),
      ...(properties.CredentialsArn !== undefined && { credentials: properties.CredentialsArn }),
      timeoutMs: properties.TimeoutInMillis,
    });
    return { ref: id, attributes: { IntegrationId: id } };
  },
});
