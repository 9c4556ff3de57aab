import { z } from 'zod';
import { gatewayResponseTypes } from '../services/api-gateway/gateway-error.ts';
import { resourceType } from './resource-type.ts';

const text = z.record(z.string(), z.string()).default({});

/** `AWS::ApiGateway::GatewayResponse` */
export const apiGatewayGatewayResponse = resourceType({
  type: 'AWS::ApiGateway::GatewayResponse',
  attributes: ['Id'],
  properties: z.strictObject({
    RestApiId: z.string(),
    ResponseType: z.enum(gatewayResponseTypes),
    StatusCode: z.coerce.number().int().optional(),
    ResponseParameters: z.record(z.string().regex(/^gatewayresponse\.header\..+/), z.string()).default({}),
    ResponseTemplates: text,
  }),
  create: async (properties, context) => {
    const { definitions } = context.cloud.apiGateway;
    definitions.api(properties.RestApiId).gatewayResponses.set(properties.ResponseType, {
      type: properties.ResponseType,
      ...(properties.StatusCode !== undefined && { statusCode: properties.StatusCode }),
      parameters: properties.ResponseParameters,
      templates: properties.ResponseTemplates,
    });
    return { ref: context.name(), attributes: { Id: context.name() } };
  },
});
