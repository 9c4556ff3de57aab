import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Functions } from '../../ports.ts';
import { type Answer, answeredTraceId, type Routed } from './exchange.ts';
import { badGateway } from './gateway-error.ts';
import { requireMappable } from './integration-request.ts';
import { invokeIntegration } from './lambda-invocation.ts';
import { isBinary } from './media-types.ts';
import { requestContext } from './request-context.ts';

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length > 0 ? values : null);

/** The event of a Lambda proxy integration, field by field as recorded on AWS (02-08-2024). */
export const proxyEvent = (exchange: Routed): Record<string, unknown> => {
  const { request, route, stage, definition } = exchange;
  const binary = isBinary(definition.api.binaryMediaTypes, request.headers.get('content-type'));
  const query = [...request.query];
  return {
    resource: route.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: orNull(request.headers.single()),
    multiValueHeaders: orNull(request.headers.multi()),
    queryStringParameters: orNull(
      Object.fromEntries(query.map(([name, values]) => [name, values.at(-1) ?? ''])),
    ),
    multiValueQueryStringParameters: orNull(Object.fromEntries(query)),
    pathParameters: orNull(route.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: requestContext(exchange),
    body: request.body.length === 0 ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && request.body.length > 0,
  };
};

export const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** What the function may answer. A name that is not known makes it malformed (recorded on AWS, 15-11-2024). */
const ProxyResponse = z.strictObject({
  statusCode: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .pipe(z.int().min(100).max(599))
    .default(200),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const parsed = (payload: string): z.output<typeof ProxyResponse> => {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    throw badGateway('Malformed Lambda proxy response: not JSON');
  }
  const result = ProxyResponse.safeParse(value);
  if (result.success) return result.data;
  throw badGateway(`Malformed Lambda proxy response: ${z.prettifyError(result.error)}`);
};

/** Single and multiple values of one name become one list, under the first spelling, multiple values first. */
export const mergedHeaders = ({
  headers,
  multiValueHeaders,
}: Pick<z.output<typeof ProxyResponse>, 'headers' | 'multiValueHeaders'>) => {
  const spelling = new Map<string, string>();
  const merged: [string, string][] = [];
  const add = (name: string, value: string) => {
    const first = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(first.toLowerCase(), first);
    merged.push([first, value]);
  };
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    for (const value of values) add(name, value);
  for (const [name, value] of Object.entries(headers ?? {})) add(name, value);
  if (!spelling.has('content-type')) merged.push(['Content-Type', 'application/json']);
  return merged;
};

/** `AWS_PROXY`: the function sees the request as it came, and its answer is the client's. */
export const proxyToFunction = async (
  functions: Functions,
  clock: Clock,
  exchange: Routed,
): Promise<Answer> => {
  requireMappable(exchange);
  const event = JSON.stringify(proxyEvent(exchange));
  const { payload, functionError } = await invokeIntegration(functions, clock, exchange, event);
  if (functionError) throw badGateway(`The function failed: ${payload.slice(0, 1_000)}`);

  const response = parsed(payload);
  const { binaryMediaTypes } = exchange.definition.api;
  // "API Gateway uses the first Accept header from clients to determine if a response should return binary media."
  const decode =
    response.isBase64Encoded && isBinary(binaryMediaTypes, exchange.request.headers.get('accept'));
  const body = response.body ?? '';
  return {
    status: response.statusCode,
    headers: [...mergedHeaders(response), ['X-Amzn-Trace-Id', answeredTraceId(exchange)]],
    body: decode ? Buffer.from(body, 'base64') : body,
  };
};
