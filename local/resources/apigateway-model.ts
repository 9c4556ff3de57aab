import { z } from 'zod';
import { isUnresolved } from '../assembly/intrinsics.ts';
import { stableId } from '../services/api-gateway/ids.ts';
import { modelFault } from '../services/api-gateway/validation.ts';
import { resourceType } from './resource-type.ts';

/** A schema may also come as text. */
const jsonText = z.string().transform((text, issues): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    issues.addIssue('not JSON');
    return z.NEVER;
  }
});

const schema = z.record(z.string(), z.unknown()).superRefine((given, context) => {
  const fault = isUnresolved(given) ? undefined : modelFault(given);
  if (fault !== undefined) context.addIssue(fault);
});

/** `AWS::ApiGateway::Model`: JSON Schema draft-04. */
export const apiGatewayModel = resourceType({
  type: 'AWS::ApiGateway::Model',
  attributes: [],
  properties: z.strictObject({
    RestApiId: z.string(),
    Name: z.string().optional(),
    ContentType: z.string().optional(),
    Description: z.string().optional(),
    Schema: z.union([schema, jsonText.pipe(schema)]),
  }),
  create: async ({ RestApiId, Name, Schema }, { cloud, stack, logicalId }) => {
    const name = Name ?? stableId(10, stack, logicalId);
    cloud.apiGateway.definitions.api(RestApiId).models.set(name, { name, schema: Schema });
    return { ref: name };
  },
});
