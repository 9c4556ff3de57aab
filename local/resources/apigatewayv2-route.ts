import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { socketApi } from './apigatewayv2-lookup.ts';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';

/** `AWS::ApiGatewayV2::Route` of a WebSocket API. */
export const apiGatewayV2Route = resourceType({
  type: 'AWS::ApiGatewayV2::Route',
  attributes: ['RouteId'],
  properties: z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z
      .string()
      .regex(/^integrations\//)
      .optional(),
    AuthorizationType: z.enum(['NONE']).optional(),
    ApiKeyRequired: cfnBoolean
      .refine((required) => !required, 'API keys of WebSocket APIs are not supported')
      .optional(),
    RouteResponseSelectionExpression: z.literal('$default').optional(),
    OperationName: acceptedNotEmulated('a name for generated SDKs'),
  }),
  create: async ({ ApiId, RouteKey, Target }, { cloud, stack, logicalId }) => {
    const id = stableId(7, stack, logicalId);
    socketApi(cloud, ApiId).routes.set(RouteKey, {
      id,
      key: RouteKey,
      ...(Target !== undefined && { integrationId: Target.replace('integrations/', '') }),
      responds: false,
    });
    return { ref: id, attributes: { RouteId: id } };
  },
});
