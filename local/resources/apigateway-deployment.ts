import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::Deployment`; a stage always serves the API of the present template, so a snapshot has nothing to keep. */
export const apiGatewayDeployment = resourceType({
  type: 'AWS::ApiGateway::Deployment',
  attributes: ['DeploymentId'],
  properties: z.strictObject({
    RestApiId: z.string(),
    Description: z.string().optional(),
    /** The old way to make a stage, without any setting. */
    StageName: z.string().optional(),
  }),
  create: async ({ RestApiId, StageName }, { cloud, stack, logicalId }) => {
    const id = stableId(6, stack, logicalId);
    if (StageName !== undefined)
      cloud.apiGateway.definitions
        .api(RestApiId)
        .stages.set(StageName, { name: StageName, deploymentId: id, variables: {}, throttles: {} });
    return { ref: id, attributes: { DeploymentId: id } };
  },
});
