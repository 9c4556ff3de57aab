import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { socketApi } from './apigatewayv2-lookup.ts';
import { resourceType } from './resource-type.ts';

/** `AWS::ApiGatewayV2::Deployment`; a stage always serves the API of the present template. */
export const apiGatewayV2Deployment = resourceType({
  type: 'AWS::ApiGatewayV2::Deployment',
  attributes: ['DeploymentId'],
  properties: z.strictObject({
    ApiId: z.string(),
    Description: z.string().optional(),
    StageName: z.string().optional(),
  }),
  create: async ({ ApiId, StageName }, { cloud, stack, logicalId }) => {
    const { stages } = socketApi(cloud, ApiId);
    if (StageName !== undefined && !stages.has(StageName))
      stages.set(StageName, { name: StageName, variables: {} });
    const id = stableId(6, stack, logicalId);
    return { ref: id, attributes: { DeploymentId: id } };
  },
});
