import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { newSegment, newTraceRoot, readTraceHeader } from '../../trace-header.ts';
import type { ClientRequest } from './client-request.ts';
import type { ApiDefinition } from './definitions.ts';
import type { ApiKey, Stage } from './model.ts';
import type { Route } from './router.ts';

/** What goes back to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | string;
  /** What follows while it is made, in place of a body. */
  readonly stream?: Readable;
}

/** One request on its way through the gateway, and what has been found out about it so far. */
export interface Exchange {
  readonly definition: ApiDefinition;
  readonly stage: Stage;
  readonly request: ClientRequest;
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** `X-Amzn-Trace-Id` */
  readonly traceId: string;
  /** The gateway's own part of that trace: `header` goes to what is behind it. */
  readonly segment: ReturnType<typeof newSegment>;
  readonly startedAt: number;
  readonly account: string;
  readonly region: string;
  route?: Route;
  /** What the Lambda authorizer said: `principalId`, its context, and the rest. */
  authorizer?: Readonly<Record<string, unknown>>;
  /** The key's value from the authorizer, when the API takes keys from there. */
  usageIdentifierKey?: string;
  apiKey?: ApiKey;
  integrationStatus?: number;
  integrationLatencyMs?: number;
  integrationError?: string;
  streamedBytes?: number;
}

/** An exchange whose method is known. */
export type Routed = Exchange & { readonly route: Route };

/** The trace that the client is part of, or a new one. */
const traceIdOf = (request: ClientRequest, now: number): string => {
  const given = request.headers.get('X-Amzn-Trace-Id');
  return given && readTraceHeader(given) ? given : `Root=${newTraceRoot(now)}`;
};

export const beginExchange = (
  definition: ApiDefinition,
  stage: Stage,
  request: ClientRequest,
  { now, account, region, requestId = randomUUID() }: Begin,
): Exchange => {
  const traceId = traceIdOf(request, now);
  return {
    definition,
    stage,
    request,
    requestId,
    extendedRequestId: `${randomBytes(11).toString('base64url')}=`,
    traceId,
    segment: newSegment(traceId, now),
    startedAt: now,
    account,
    region,
  };
};

interface Begin {
  readonly now: number;
  readonly account: string;
  readonly region: string;
  readonly requestId?: string | undefined;
}

/** What the client is told: its own trace when it names the segment it comes from, else the gateway's (recorded on AWS, 07-08-2024). */
export const answeredTraceId = ({ traceId, segment }: Exchange): string =>
  readTraceHeader(traceId)?.parent === undefined ? segment.header : traceId;

/** `arn:aws:execute-api:region:account:api/stage/METHOD/path`: path parameters stand as `*`. */
export const methodArn = ({ definition, stage, request, account, region }: Exchange, path: string): string =>
  `arn:aws:execute-api:${region}:${account}:${definition.api.id}/${stage.name}/${request.method}${path}`;

/** The resource on whose behalf API Gateway calls a function: what a `SourceArn` of a permission has to match. */
export const sourceArn = (exchange: Routed): string =>
  methodArn(exchange, exchange.route.resourcePath.replace(/\{[^}]*\}/g, '*'));
