import type { Foundation } from '../../cloud.ts';
import type { Functions } from '../../ports.ts';
import type { Definitions } from './definitions.ts';
import type { Answer, Exchange, Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { proxyToFunction } from './lambda-proxy.ts';

/** What happens to a request, in API Gateway's order. */
export class Pipeline {
  readonly #foundation: Foundation;
  readonly #functions: Functions;

  constructor(foundation: Foundation, functions: Functions, _definitions: Definitions) {
    this.#foundation = foundation;
    this.#functions = functions;
  }

  /** Throws GatewayError for whatever the gateway itself has to answer. */
  async run(exchange: Exchange): Promise<Answer> {
    const routed = route(exchange);
    return this.#integrate(routed);
  }

  async #integrate(exchange: Routed): Promise<Answer> {
    const { clock } = this.#foundation;
    const startedAt = clock.now();
    try {
      return await proxyToFunction(this.#functions, clock, exchange);
    } finally {
      exchange.integrationLatencyMs = clock.now() - startedAt;
    }
  }
}

const route = (exchange: Exchange): Routed => {
  const { definition, request } = exchange;
  const route = definition.route(request.method, request.path);
  if (!route) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  return Object.assign(exchange, { route });
};
