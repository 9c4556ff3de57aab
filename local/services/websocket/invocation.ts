import { z } from 'zod';
import type { Foundation } from '../../cloud.ts';
import type { Functions } from '../../ports.ts';
import { callerFor, functionArnOf, withinTime } from '../api-gateway/lambda-invocation.ts';
import { jsonBody } from '../api-gateway/mapping-values.ts';
import type { Connection } from './connection.ts';
import type { SocketEvent } from './events.ts';
import type { SocketRoute } from './model.ts';

/** What a function may answer; what it leaves out means success. */
const ProxyResponse = z.object({
  statusCode: z.coerce.number().int().default(200),
  headers: z.record(z.string(), z.coerce.string()).nullish(),
  body: z.string().nullish(),
});

export type RouteResult = z.output<typeof ProxyResponse>;

const failed: RouteResult = { statusCode: 502 };

/** Calls the function of a route; a function that fails or answers in no shape is a 502. */
export const invokeRoute = async (
  { clock, region, account }: Foundation,
  functions: Functions,
  { api, stage }: Connection,
  { route, event }: { readonly route: SocketRoute; readonly event: SocketEvent },
): Promise<RouteResult> => {
  const integration = api.integrations.get(route.integrationId ?? '');
  if (!integration) return failed;
  if (integration.type === 'MOCK') return { statusCode: 200 };
  const uri = (integration.uri ?? '').replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (_, name: string) => stage.variables[name] ?? '',
  );
  const arn = functionArnOf(uri);
  if (!arn) return failed;
  const source = `arn:aws:execute-api:${region}:${account}:${api.id}/${stage.name}/${route.key}`;
  try {
    const call = functions.invoke(arn, JSON.stringify(event), callerFor(integration.credentials, source));
    const { payload, functionError } = await withinTime(clock, integration.timeoutMs, call);
    if (functionError) return failed;
    // A function that returns nothing has nothing to say; that is no failure here, unlike in a REST API.
    const result = ProxyResponse.safeParse(jsonBody(payload) ?? {});
    return result.data ?? failed;
  } catch {
    return failed;
  }
};
