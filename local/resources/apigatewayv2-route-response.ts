import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { socketApi } from './apigatewayv2-lookup.ts';
import { resourceType } from './resource-type.ts';

/** `AWS::ApiGatewayV2::RouteResponse`: what the function of the route answers goes to the client. */
export const apiGatewayV2RouteResponse = resourceType({
  type: 'AWS::ApiGatewayV2::RouteResponse',
  attributes: ['RouteResponseId'],
  properties: z.strictObject({
    ApiId: z.string(),
    RouteId: z.string(),
    RouteResponseKey: z.literal('$default'),
  }),
  create: async ({ ApiId, RouteId }, { cloud, stack, logicalId }) => {
    const route = [...socketApi(cloud, ApiId).routes.values()].find(({ id }) => id === RouteId);
    if (!route) throw new Error(`There is no route ${RouteId}`);
    route.responds = true;
    const id = stableId(7, stack, logicalId);
    return { ref: id, attributes: { RouteResponseId: id } };
  },
});
