import { z } from 'zod';
import type { Method } from '../services/api-gateway/model.ts';
import { integration, integrationOf } from './apigateway-integration.ts';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';

const methodResponse = z.strictObject({
  StatusCode: z.coerce.number().int(),
  ResponseModels: acceptedNotEmulated('models of responses only serve generated SDKs'),
  ResponseParameters: z.record(z.string(), cfnBoolean).optional(),
});

/** What of a method says which parameters there are, and which are mapped; all else may not be known yet. */
const mapped = z.object({
  RequestParameters: z.record(z.string(), z.unknown()).default({}),
  MethodResponses: z
    .array(
      z.object({
        StatusCode: z.coerce.number(),
        ResponseParameters: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
  Integration: z.object({
    RequestParameters: z.record(z.string(), z.unknown()).default({}),
    IntegrationResponses: z
      .array(
        z.object({
          StatusCode: z.coerce.number(),
          ResponseParameters: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
});

/** AWS deploys no mapping from or to a parameter that its method does not declare. */
const undeclared = ({
  RequestParameters,
  MethodResponses,
  Integration,
}: z.output<typeof mapped>): string[] => {
  const sources = Object.values(Integration.RequestParameters).filter(
    (source) =>
      typeof source === 'string' &&
      /^method\.request\.(header|querystring|path)\./.test(source) &&
      !Object.hasOwn(RequestParameters, source),
  );
  const targets = Integration.IntegrationResponses.flatMap(({ StatusCode, ResponseParameters }) => {
    const declared = MethodResponses.find((response) => response.StatusCode === StatusCode);
    return Object.keys(ResponseParameters).filter(
      (target) => !Object.hasOwn(declared?.ResponseParameters ?? {}, target),
    );
  });
  return [
    ...sources.map(
      (source) => `property "Integration.RequestParameters": ${source} is not in RequestParameters`,
    ),
    ...targets.map(
      (target) => `property "Integration.IntegrationResponses": ${target} is not in its MethodResponses`,
    ),
  ];
};

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
  problems: (properties) => {
    const { data } = mapped.safeParse(properties);
    return data ? undeclared(data) : [];
  },
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
