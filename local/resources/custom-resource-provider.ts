import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import { UserError } from '../errors.ts';
import type { Caller, Invocation } from '../ports.ts';
import { ResponseReceiver } from './custom-resource-response.ts';

/** "Custom resource request objects" in the CloudFormation User Guide, without the address to answer to. */
export interface LifecycleEvent {
  readonly RequestType: 'Create' | 'Update';
  readonly RequestId: string;
  readonly ServiceToken: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceProperties: unknown;
  readonly OldResourceProperties?: unknown;
}

/** "Custom resource response objects" in the CloudFormation User Guide. */
const lifecycleResponse = z.looseObject({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string().optional(),
  Data: z.record(z.string(), z.unknown()).nullish(),
});
export type LifecycleResponse = z.output<typeof lifecycleResponse>;

/** Asks the function behind a ServiceToken to make a resource. Throws UserError when it fails or does not answer. */
export const ask = (
  cloud: Cloud,
  serviceToken: string,
  event: LifecycleEvent,
): Promise<LifecycleResponse> => {
  const { environment, handler, roleArn, name } = cloud.lambda.function(serviceToken);
  const behind = environment.USER_ON_EVENT_FUNCTION_ARN;
  return behind !== undefined && handler === 'framework.onEvent'
    ? askBehindFramework(cloud, behind, { kind: 'role', roleArn, session: name }, event)
    : askFunction(cloud, serviceToken, event);
};

const askFunction = async (
  { lambda, admin, endpoint }: Cloud,
  serviceToken: string,
  event: LifecycleEvent,
): Promise<LifecycleResponse> => {
  const receiver = new ResponseReceiver(admin, endpoint);
  try {
    const payload = JSON.stringify({ ...event, ResponseURL: receiver.url });
    const invocation = await lambda.invoke(serviceToken, payload, { kind: 'account' });
    if (receiver.response !== undefined) return understood(lifecycleResponse, receiver.response);
    refuseFailed(invocation);
    throw new UserError('its function ended without an answer to the ResponseURL');
  } finally {
    receiver.close();
  }
};

/**
 * The CDK's provider framework, done natively: its own function can answer over HTTPS only.
 * The user's function gets the event, and its result is the resource (CDK API reference, "custom-resources: Provider Framework").
 */
const askBehindFramework = async (
  { lambda }: Cloud,
  onEvent: string,
  caller: Caller,
  event: LifecycleEvent,
): Promise<LifecycleResponse> => {
  const invocation = await lambda.invoke(onEvent, JSON.stringify(event), caller);
  refuseFailed(invocation);
  const result = understood(lifecycleResponse.omit({ Status: true }).nullish(), invocation.payload || 'null');
  return { ...result, Status: 'SUCCESS' };
};

const refuseFailed = ({ functionError, payload }: Invocation): void => {
  if (functionError !== undefined) throw new UserError(`its function failed: ${payload}`);
};

const understood = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> => {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `its function answered what is no response of a custom resource: ${text.slice(0, 200)}`,
    );
  }
};
