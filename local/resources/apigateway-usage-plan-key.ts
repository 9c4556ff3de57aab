import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::UsagePlanKey` */
export const apiGatewayUsagePlanKey = resourceType({
  type: 'AWS::ApiGateway::UsagePlanKey',
  attributes: ['Id'],
  properties: z.strictObject({
    KeyId: z.string(),
    KeyType: z.literal('API_KEY'),
    UsagePlanId: z.string(),
  }),
  create: async ({ KeyId, UsagePlanId }, { cloud }) => {
    cloud.apiGateway.definitions.putPlanKey(UsagePlanId, KeyId);
    const id = `${KeyId}:${UsagePlanId}`;
    return { ref: id, attributes: { Id: id } };
  },
});
