import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { stackId } from '../assembly/template-scope.ts';
import { UserError } from '../errors.ts';
import { remember, remembered } from './custom-resource-memory.ts';
import { ask, type LifecycleEvent, type LifecycleResponse } from './custom-resource-provider.ts';
import { acceptedNotEmulated, type Created, type ResourceContext, resourceType } from './resource-type.ts';

/** Whatever else a custom resource is given, its function understands. */
const properties = z.looseObject({
  ServiceToken: z.string(),
  ServiceTimeout: acceptedNotEmulated("its function's own timeout holds"),
});

/**
 * A resource that a Node function of the template makes (CloudFormation User Guide, "Custom resources").
 * The function is called once: again, with an Update, only when the properties are no longer those of the last start.
 */
export const customResource = resourceType({
  type: 'AWS::CloudFormation::CustomResource',
  attributes: 'any',
  properties,
  problems: ({ ServiceToken }) =>
    typeof ServiceToken === 'string' && !/^arn:[^:]+:lambda:[^:]+:\d+:function:/.test(ServiceToken)
      ? ['property "ServiceToken": Not a function: topics are not asked here']
      : [],
  create: async (given, context) => {
    const { lambda, store } = context.cloud;
    const { ServiceToken } = given;
    if (!lambda.functions().some(({ arn }) => arn === ServiceToken))
      throw new UserError(`ServiceToken ${ServiceToken} is not a function of the template`);
    const resource = `${context.stack}/${context.logicalId}`;
    const resourceProperties = asText(given);
    const before = remembered(store, resource);
    if (before && JSON.stringify(before.properties) === JSON.stringify(resourceProperties))
      return before.created;

    const event: LifecycleEvent = {
      ...(before
        ? {
            RequestType: 'Update',
            PhysicalResourceId: before.created.ref,
            OldResourceProperties: before.properties,
          }
        : { RequestType: 'Create' }),
      RequestId: randomUUID(),
      ServiceToken,
      StackId: stackId(context.stack, context.cloud),
      LogicalResourceId: context.logicalId,
      ResourceType: context.type ?? 'AWS::CloudFormation::CustomResource',
      ResourceProperties: resourceProperties,
    };
    const created = createdBy(await ask(context.cloud, ServiceToken, event), context, before?.created.ref);
    remember(store, resource, { properties: resourceProperties, created });
    await store.committed();
    return created;
  },
});

const createdBy = (
  { Status, Reason, PhysicalResourceId, Data }: LifecycleResponse,
  context: ResourceContext,
  before: string | undefined,
): Created => {
  if (Status === 'FAILED')
    throw new UserError(`its function answered FAILED: ${Reason ?? 'without a reason'}`);
  return { ref: PhysicalResourceId ?? before ?? generatedId(context), attributes: Data ?? {} };
};

const generatedId = ({ stack, logicalId }: ResourceContext): string =>
  `${stack}-${logicalId}-${createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 12)}`;

/** CloudFormation hands every number and boolean over as a string. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
};
