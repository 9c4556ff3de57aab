import { z } from 'zod';
import type { Method } from '../services/api-gateway/model.ts';
import { integration, integrationOf } from './apigateway-integration.ts';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';

const methodResponse = z.strictObject({
  StatusCode: z.coerce.number().int(),
  ResponseModels: acceptedNotEmulated('models of responses only serve generated SDKs'),
  ResponseParameters: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ notEmulated: 'which header fields an answer may have follows from its integration response' }),
});

/** `AWS::ApiGateway::Method` with its integration. */
export const apiGatewayMethod = resourceType({
  type: 'AWS::ApiGateway::Method',
  attributes: [],
  properties: z.strictObject({
    RestApiId: z.string(),
    ResourceId: z.string(),
    HttpMethod: z.enum(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
    AuthorizationType: z.enum(['NONE', 'CUSTOM']).default('NONE'),
    AuthorizerId: z.string().optional(),
    ApiKeyRequired: cfnBoolean.default(false),
    RequestValidatorId: z.string().optional(),
    RequestParameters: z.record(z.string(), cfnBoolean).default({}),
    RequestModels: z.record(z.string(), z.string()).default({}),
    Integration: integration,
    MethodResponses: z.array(methodResponse).default([]),
    OperationName: acceptedNotEmulated('a name for generated SDKs'),
  }),
  create: async (properties, context) => {
    const { definitions } = context.cloud.apiGateway;
    const method: Method = {
      resourceId: properties.ResourceId,
      httpMethod: properties.HttpMethod,
      authorization: properties.AuthorizationType,
      ...(properties.AuthorizerId !== undefined && { authorizerId: properties.AuthorizerId }),
      apiKeyRequired: properties.ApiKeyRequired,
      ...(properties.RequestValidatorId !== undefined && { validatorId: properties.RequestValidatorId }),
      requestParameters: properties.RequestParameters,
      requestModels: properties.RequestModels,
      integration: integrationOf(properties.Integration),
      responses: properties.MethodResponses.map(({ StatusCode }) => StatusCode),
    };
    definitions.api(properties.RestApiId).putMethod(method);
    return { ref: context.name() };
  },
});
