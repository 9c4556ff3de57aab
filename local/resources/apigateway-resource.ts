import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { resourceType } from './resource-type.ts';

/** `AWS::ApiGateway::Resource` */
export const apiGatewayResource = resourceType({
  type: 'AWS::ApiGateway::Resource',
  attributes: ['ResourceId'],
  properties: z.strictObject({
    RestApiId: z.string(),
    ParentId: z.string(),
    PathPart: z.string().regex(/^([\w.:-]+|\{[\w.-]+\+?\})$/, 'a literal, {name} or {name+}'),
  }),
  create: async ({ RestApiId, ParentId, PathPart }, { cloud, stack, logicalId }) => {
    const id = stableId(6, stack, logicalId);
    cloud.apiGateway.definitions.api(RestApiId).putResource({ id, parentId: ParentId, pathPart: PathPart });
    return { ref: id, attributes: { ResourceId: id } };
  },
});
