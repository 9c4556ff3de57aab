import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { acceptedNotEmulated, cfnBoolean, cfnTags, resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::ApiKey`; a value that the template leaves open is the same on every start. */
export const apiGatewayApiKey = resourceType({
  type: 'AWS::ApiGateway::ApiKey',
  attributes: ['APIKeyId'],
  properties: z.strictObject({
    Name: z.string().optional(),
    Value: z.string().min(20).optional(),
    Enabled: cfnBoolean.default(false),
    Description: z.string().optional(),
    CustomerId: acceptedNotEmulated('a customer id is for the AWS Marketplace'),
    GenerateDistinctId: acceptedNotEmulated('ids are always distinct'),
    StageKeys: acceptedNotEmulated('a key counts through its usage plan; stage keys are deprecated'),
    Tags: cfnTags,
  }),
  create: async ({ Value, Enabled }, { cloud, stack, logicalId }) => {
    const id = stableId(10, stack, logicalId);
    const value = Value ?? stableId(32, stack, logicalId, 'value');
    cloud.apiGateway.definitions.apiKeys.set(id, { id, value, enabled: Enabled });
    return { ref: id, attributes: { APIKeyId: id } };
  },
});
