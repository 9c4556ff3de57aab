import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Functions } from '../../ports.ts';
import { allows, type PolicyDocument, policyDocument } from './authorizer-policy.ts';
import { methodArn, type Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { callerFor, functionArnOf, withStageVariables } from './lambda-invocation.ts';
import { proxyEvent } from './lambda-proxy.ts';
import { jsonBody, mappedValue } from './mapping-values.ts';
import type { Authorizer } from './model.ts';

const Output = z.object({
  principalId: z.string(),
  policyDocument,
  // What is behind the gateway gets them as text: `true` is "true", 1 is "1".
  context: z
    .record(
      z.string(),
      z.union([z.string(), z.number().transform(String), z.boolean().transform(String), z.null()]),
    )
    .optional(),
  usageIdentifierKey: z.string().nullish(),
});

interface Verdict {
  readonly principalId: string;
  readonly policy: PolicyDocument;
  readonly context: Readonly<Record<string, unknown>>;
  readonly usageIdentifierKey?: string;
}

/** Lambda authorizers. Source: "Use API Gateway Lambda authorizers" of the API Gateway Developer Guide. */
export class Authorizers {
  readonly #clock: Clock;
  readonly #functions: Functions;
  readonly #cache = new Map<string, { readonly until: number; readonly verdict: Verdict }>();

  constructor(clock: Clock, functions: Functions) {
    this.#clock = clock;
    this.#functions = functions;
  }

  /** Throws GatewayError UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE or AUTHORIZER_CONFIGURATION_ERROR. */
  async admit(exchange: Routed): Promise<void> {
    const { authorization, authorizerId } = exchange.route.method;
    if (authorization === 'NONE') return;
    const authorizer = exchange.definition.authorizers.get(authorizerId ?? '');
    if (!authorizer) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');

    const identity = identityOf(authorizer, exchange);
    const verdict = await this.#verdict(authorizer, exchange, identity);
    exchange.authorizer = { ...verdict.context, principalId: verdict.principalId };
    if (verdict.usageIdentifierKey !== undefined) exchange.usageIdentifierKey = verdict.usageIdentifierKey;
    const outcome = allows(verdict.policy, methodArn(exchange, exchange.request.path));
    if (outcome !== 'allowed')
      throw new GatewayError('ACCESS_DENIED', {
        message: `User is not authorized to access this resource${outcome === 'denied' ? ' with an explicit deny' : ''}`,
      });
  }

  async #verdict(authorizer: Authorizer, exchange: Routed, identity: readonly string[]): Promise<Verdict> {
    const { api } = exchange.definition;
    const key = JSON.stringify([api.id, exchange.stage.name, authorizer.id, ...identity]);
    const cached = this.#cache.get(key);
    if (cached && cached.until > this.#clock.now()) return cached.verdict;
    const verdict = await this.#ask(authorizer, exchange, identity);
    if (authorizer.cacheSeconds > 0 && identity.length > 0)
      this.#cache.set(key, { until: this.#clock.now() + authorizer.cacheSeconds * 1000, verdict });
    return verdict;
  }

  async #ask(authorizer: Authorizer, exchange: Routed, identity: readonly string[]): Promise<Verdict> {
    const arn = functionArnOf(withStageVariables(authorizer.uri, exchange.stage));
    if (!arn) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
    const { account, region, definition } = exchange;
    const source = `arn:aws:execute-api:${region}:${account}:${definition.api.id}/authorizers/${authorizer.id}`;
    const event = JSON.stringify(eventFor(authorizer, exchange, identity));
    const caller = callerFor(authorizer.credentials, source);
    const result = await this.#functions.invoke(arn, event, caller).catch((error: unknown) => {
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', { reason: String(error) });
    });
    if (result.functionError) throw failure(result.payload);
    const output = Output.safeParse(jsonBody(result.payload));
    if (!output.success)
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', { reason: z.prettifyError(output.error) });
    const { principalId, policyDocument: policy, context = {}, usageIdentifierKey } = output.data;
    return { principalId, policy, context, ...(usageIdentifierKey && { usageIdentifierKey }) };
  }
}

/** A function that throws exactly `Unauthorized` means 401; any other error is a 500. */
const failure = (payload: string): GatewayError => {
  const { data } = z.object({ errorMessage: z.string() }).safeParse(jsonBody(payload));
  return data?.errorMessage === 'Unauthorized'
    ? new GatewayError('UNAUTHORIZED')
    : new GatewayError('AUTHORIZER_FAILURE', { reason: payload.slice(0, 1_000) });
};

/** The values of the identity sources; without all of them the function is not asked. */
const identityOf = (authorizer: Authorizer, exchange: Routed): string[] => {
  const values = authorizer.identitySources.map((source) => mappedValue(source, exchange));
  const given = values.flatMap((value) => value || []);
  if (given.length < values.length) throw new GatewayError('UNAUTHORIZED');
  const { validation } = authorizer;
  if (validation !== undefined && !new RegExp(`^(?:${validation})$`).test(given[0] ?? ''))
    throw new GatewayError('UNAUTHORIZED');
  return given;
};

const eventFor = (authorizer: Authorizer, exchange: Routed, identity: readonly string[]) => {
  const arn = methodArn(exchange, exchange.request.path);
  if (authorizer.type === 'TOKEN')
    return { type: 'TOKEN', methodArn: arn, authorizationToken: identity[0] ?? '' };
  const { body: _, isBase64Encoded: __, ...event } = proxyEvent(exchange);
  return { type: 'REQUEST', methodArn: arn, ...event };
};
