import { z } from 'zod';
import { resourceType } from './resource-type.ts';

const text = z.record(z.string(), z.string()).default({});

/** `AWS::ApiGateway::GatewayResponse` */
export const apiGatewayGatewayResponse = resourceType({
  type: 'AWS::ApiGateway::GatewayResponse',
  attributes: ['Id'],
  properties: z.strictObject({
    RestApiId: z.string(),
    ResponseType: z.string(),
    StatusCode: z.coerce.number().int().optional(),
    ResponseParameters: text,
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
