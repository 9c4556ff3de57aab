import type { Foundation } from '../../cloud.ts';
import type { Functions } from '../../ports.ts';
import { Authorizers } from './authorizer.ts';
import { AwsEndpoint } from './aws-endpoint.ts';
import { callService } from './aws-service.ts';
import type { Definitions } from './definitions.ts';
import type { Answer, Exchange, Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { callFunction } from './lambda-custom.ts';
import { functionArnOf } from './lambda-invocation.ts';
import { proxyToFunction } from './lambda-proxy.ts';
import { streamFromFunction } from './lambda-streaming.ts';
import { mock } from './mock.ts';
import { Usage } from './usage.ts';
import { validateRequest } from './validation.ts';

/** What happens to a request, in API Gateway's order. */
export class Pipeline {
  readonly #foundation: Foundation;
  readonly #functions: Functions;
  readonly #authorizers: Authorizers;
  readonly #usage: Usage;
  readonly #endpoint: AwsEndpoint;

  constructor(foundation: Foundation, functions: Functions, definitions: Definitions) {
    this.#foundation = foundation;
    this.#functions = functions;
    this.#authorizers = new Authorizers(foundation.clock, functions);
    this.#usage = new Usage(foundation.clock, definitions);
    this.#endpoint = new AwsEndpoint(foundation.endpoint);
  }

  /** Throws GatewayError for whatever the gateway itself has to answer. */
  async run(exchange: Exchange): Promise<Answer> {
    const routed = route(exchange);
    await this.#authorizers.admit(routed);
    this.#usage.admit(routed);
    validateRequest(routed);
    return this.#integrate(routed);
  }

  close(): void {
    this.#endpoint.close();
  }

  async #integrate(exchange: Routed): Promise<Answer> {
    const { clock } = this.#foundation;
    const startedAt = clock.now();
    try {
      return await this.#backend(exchange);
    } finally {
      exchange.integrationLatencyMs = clock.now() - startedAt;
    }
  }

  #backend(exchange: Routed): Answer | Promise<Answer> {
    const { type, uri = '', streams } = exchange.route.method.integration;
    const { clock } = this.#foundation;
    if (type === 'MOCK') return mock(exchange);
    if (type === 'AWS_PROXY')
      return (streams ? streamFromFunction : proxyToFunction)(this.#functions, clock, exchange);
    return functionArnOf(uri) === undefined
      ? callService(this.#foundation, this.#endpoint, exchange)
      : callFunction(this.#functions, clock, exchange);
  }
}

const route = (exchange: Exchange): Routed => {
  const { definition, request } = exchange;
  const route = definition.route(request.method, request.path);
  if (!route) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  return Object.assign(exchange, { route });
};
