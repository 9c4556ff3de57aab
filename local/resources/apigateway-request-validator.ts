import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { cfnBoolean, resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::RequestValidator` */
export const apiGatewayRequestValidator = resourceType({
  type: 'AWS::ApiGateway::RequestValidator',
  attributes: ['RequestValidatorId'],
  properties: z.strictObject({
    RestApiId: z.string(),
    Name: z.string().optional(),
    ValidateRequestBody: cfnBoolean.default(false),
    ValidateRequestParameters: cfnBoolean.default(false),
  }),
  create: async (properties, { cloud, stack, logicalId }) => {
    const id = stableId(6, stack, logicalId);
    cloud.apiGateway.definitions.api(properties.RestApiId).validators.set(id, {
      id,
      body: properties.ValidateRequestBody,
      parameters: properties.ValidateRequestParameters,
    });
    return { ref: id, attributes: { RequestValidatorId: id } };
  },
});
