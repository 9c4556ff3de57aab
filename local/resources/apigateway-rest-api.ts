import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { acceptedNotEmulated, cfnBoolean, cfnTags, resourceType } from './resource-type.ts';

const endpoint = z.strictObject({
  Types: z
    .array(z.enum(['REGIONAL', 'EDGE']))
    .optional()
    .meta({ notEmulated: 'every API answers at the local endpoint' }),
});

/** `AWS::ApiGateway::RestApi`, built from resources and methods; a `Body` of OpenAPI is not read. */
export const apiGatewayRestApi = resourceType({
  type: 'AWS::ApiGateway::RestApi',
  attributes: ['RestApiId', 'RootResourceId'],
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    BinaryMediaTypes: z.array(z.string()).default([]),
    ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).default('HEADER'),
    EndpointConfiguration: endpoint.optional(),
    DisableExecuteApiEndpoint: cfnBoolean
      .optional()
      .meta({ notEmulated: 'an API has no other address on this machine' }),
    MinimumCompressionSize: acceptedNotEmulated('answers are not compressed on this machine'),
    FailOnWarnings: acceptedNotEmulated('there is no import of OpenAPI that could warn'),
    Tags: cfnTags,
  }),
  create: async (properties, { cloud, stack, logicalId }) => {
    const id = stableId(10, stack, logicalId);
    const rootResourceId = stableId(10, stack, logicalId, '/');
    cloud.apiGateway.definitions.putApi({
      id,
      name: properties.Name ?? logicalId,
      rootResourceId,
      binaryMediaTypes: properties.BinaryMediaTypes.map((type) => type.replaceAll('~1', '/')),
      apiKeySource: properties.ApiKeySourceType,
    });
    return { ref: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
  },
});
