import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, Functions, Invocation } from '../../ports.ts';
import { type Routed, sourceArn } from './exchange.ts';
import { badGateway, GatewayError } from './gateway-error.ts';
import type { Stage } from './model.ts';

const functionOf =
  /:lambda:path\/(?:2015-03-31\/functions\/(.+)\/invocations|2021-11-15\/functions\/(.+)\/response-streaming-invocations)$/;

/** `${stageVariables.name}` in an integration's URI. */
export const withStageVariables = (uri: string, { variables }: Stage): string =>
  uri.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables[name] ?? '');

/** The function in an integration's or authorizer's URI; undefined when it calls something else. */
export const functionArnOf = (uri: string): string | undefined => {
  const [, whole, streamed] = functionOf.exec(uri) ?? [];
  return whole ?? streamed;
};

/** As whom API Gateway calls: the integration's role, or itself on behalf of the method. */
export const callerFor = (credentials: string | undefined, arn: string): Caller =>
  credentials === undefined
    ? { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn: arn }
    : { kind: 'role', roleArn: credentials, session: 'BackplaneAssumeRoleSession' };

/** Ends a wait at the integration's time limit, with the gateway's own 504. */
export const withinTime = async <T>(clock: Clock, timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = clock.after(timeoutMs, () => reject(new GatewayError('INTEGRATION_TIMEOUT')));
  try {
    return await Promise.race([work, promise]);
  } finally {
    timer.cancel();
  }
};

const target = (exchange: Routed) => {
  const { integration } = exchange.route.method;
  const uri = withStageVariables(integration.uri ?? '', exchange.stage);
  const arn = functionArnOf(uri);
  if (!arn)
    throw new GatewayError('API_CONFIGURATION_ERROR', {
      reason: `The integration calls no function: ${uri}`,
    });
  // A function is invoked by POST only; the documented status of this failure is 504 (recorded on AWS, 20-03-2024: 500).
  if ((integration.httpMethod ?? 'POST') !== 'POST')
    throw new GatewayError('INTEGRATION_FAILURE', {
      status: 500,
      message: 'Internal server error',
      reason: `A function is invoked by POST, not by ${integration.httpMethod}`,
    });
  return { arn, caller: callerFor(integration.credentials, sourceArn(exchange)) };
};

/** Calls the method's function, and gives what stands between them the names that API Gateway has for it. */
export const invokeIntegration = async (
  functions: Functions,
  clock: Clock,
  exchange: Routed,
  payload: string,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Invocation> => {
  const { arn, caller } = target(exchange);
  const { timeoutMs } = exchange.route.method.integration;
  try {
    const streaming = onChunk === undefined ? {} : { onChunk };
    return await withinTime(clock, timeoutMs, functions.invoke(arn, payload, caller, streaming));
  } catch (error) {
    throw asGatewayError(error);
  }
};

/** The same, without waiting for the function: resolves once its event is stored. */
export const invokeIntegrationAsync = async (
  functions: Functions,
  exchange: Routed,
  payload: string,
): Promise<void> => {
  const { arn, caller } = target(exchange);
  try {
    await functions.invokeAsync(arn, payload, caller);
  } catch (error) {
    throw asGatewayError(error);
  }
};

/**
 * Seen on AWS: "Invalid permissions on Lambda function" is a 500; so is a throttled function, whose 429 never
 * reaches the client (AWS re:Post, "API Gateway proxy integration does not forward Lambda throttling").
 */
const asGatewayError = (error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const reason = `${error.code}: ${error.message}`;
  if (error.status === 413) return new GatewayError('REQUEST_TOO_LARGE', { reason });
  if (error.status === 429)
    return new GatewayError('INTEGRATION_FAILURE', { status: 500, message: 'Internal server error', reason });
  return error.status < 500 ? new GatewayError('API_CONFIGURATION_ERROR', { reason }) : badGateway(reason);
};
