import type { Clock } from '../../clock.ts';
import type { Definitions } from './definitions.ts';
import type { Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import type { ApiKey, UsagePlan } from './model.ts';
import { TokenBuckets, throttleFor } from './throttling.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The period in which a request is counted; a new one begins with a full quota. UTC. */
const periodOf = (now: number, { period, offset }: NonNullable<UsagePlan['quota']>): string => {
  const date = new Date(now - (period === 'DAY' ? 0 : offset * DAY_MS));
  if (period === 'MONTH') return date.toISOString().slice(0, 7);
  if (period === 'DAY') return date.toISOString().slice(0, 10);
  return new Date(date.getTime() - date.getUTCDay() * DAY_MS).toISOString().slice(0, 10);
};

/**
 * API keys, usage plans and throttles, as "Throttle requests to your REST APIs" orders them: the client's limit
 * per method, the client's limit, then the method's and the stage's. Counters live as long as the cloud runs.
 */
export class Usage {
  readonly #clock: Clock;
  readonly #definitions: Definitions;
  readonly #buckets: TokenBuckets;
  readonly #used = new Map<string, number>();

  constructor(clock: Clock, definitions: Definitions) {
    this.#clock = clock;
    this.#definitions = definitions;
    this.#buckets = new TokenBuckets(clock);
  }

  /** Throws GatewayError INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED. */
  admit(exchange: Routed): void {
    const { method } = exchange.route;
    if (method.apiKeyRequired) this.#admitClient(exchange);
    const found = throttleFor(exchange.stage.throttles, exchange.route.resourcePath, method.httpMethod);
    const scope = `${exchange.definition.api.id} ${exchange.stage.name}`;
    if (found && !this.#buckets.take(`stage ${scope} ${found.key}`, found.throttle))
      throw new GatewayError('THROTTLED');
  }

  #admitClient(exchange: Routed): void {
    const key = this.#keyOf(exchange);
    const plan = key && this.#planOf(exchange, key);
    if (!key || !plan) throw new GatewayError('INVALID_API_KEY');
    exchange.apiKey = key;
    this.#throttleClient(exchange, key, plan);
    this.#countAgainstQuota(key, plan);
  }

  #keyOf({ definition, request, usageIdentifierKey }: Routed): ApiKey | undefined {
    const value =
      definition.api.apiKeySource === 'HEADER' ? request.headers.get('x-api-key') : usageIdentifierKey;
    if (value === undefined) return undefined;
    return [...this.#definitions.apiKeys.values()].find((key) => key.enabled && key.value === value);
  }

  #planOf({ definition, stage }: Routed, key: ApiKey): UsagePlan | undefined {
    return [...this.#definitions.usagePlans.values()].find(
      (plan) =>
        this.#definitions.planKeys.get(plan.id)?.has(key.id) &&
        plan.stages.some((each) => each.apiId === definition.api.id && each.stage === stage.name),
    );
  }

  #throttleClient({ definition, stage, route }: Routed, key: ApiKey, plan: UsagePlan): void {
    const scope = `${plan.id} ${key.id}`;
    const ofStage = plan.stages.find(
      ({ apiId, stage: name }) => apiId === definition.api.id && name === stage.name,
    );
    const ofMethod = throttleFor(ofStage?.throttles ?? {}, route.resourcePath, route.method.httpMethod);
    if (ofMethod && !this.#buckets.take(`client ${scope} ${ofMethod.key}`, ofMethod.throttle))
      throw new GatewayError('THROTTLED');
    if (plan.throttle && !this.#buckets.take(`client ${scope}`, plan.throttle))
      throw new GatewayError('THROTTLED');
  }

  #countAgainstQuota(key: ApiKey, { id, quota }: UsagePlan): void {
    if (!quota) return;
    const name = `${id} ${key.id} ${periodOf(this.#clock.now(), quota)}`;
    const used = this.#used.get(name) ?? 0;
    if (used >= quota.limit) throw new GatewayError('QUOTA_EXCEEDED');
    this.#used.set(name, used + 1);
  }
}
