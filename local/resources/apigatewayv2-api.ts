import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { isSelectionExpression } from '../services/websocket/routing.ts';
import { cfnTags, resourceType } from './resource-type.ts';

/** `AWS::ApiGatewayV2::Api`: WebSocket APIs; HTTP APIs are refused. */
export const apiGatewayV2Api = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  attributes: ['ApiId', 'ApiEndpoint'],
  properties: z.strictObject({
    Name: z.string(),
    ProtocolType: z.literal('WEBSOCKET', 'Only WEBSOCKET: HTTP APIs are not supported'),
    RouteSelectionExpression: z
      .string()
      .refine(isSelectionExpression, 'Only a field of the message, such as $request.body.action'),
    Description: z.string().optional(),
    Tags: cfnTags,
  }),
  create: async ({ Name, RouteSelectionExpression }, { cloud, stack, logicalId }) => {
    const id = stableId(10, stack, logicalId);
    cloud.webSocket.apis.set(id, {
      id,
      name: Name,
      routeSelectionExpression: RouteSelectionExpression,
      routes: new Map(),
      stages: new Map(),
      integrations: new Map(),
    });
    const host = `${id}.execute-api.${cloud.region}.amazonaws.com`;
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: `wss://${host}` } };
  },
});
