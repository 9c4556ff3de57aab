import { createServer } from 'node:http';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import { AwsError } from '../../../../local/errors.ts';
import type { SocketApi, SocketStage } from '../../../../local/services/websocket/model.ts';
import { WebSocketApis } from '../../../../local/services/websocket/service.ts';
import { FakeFunctions, foundation, functionUri } from '../api-gateway/gateway-under-test.ts';

/** A client and all that it heard, in order. */
export class Client {
  readonly socket: WebSocket;
  readonly #messages: string[] = [];
  #waiting: ((message: string) => void) | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(url: string, options: object = {}, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting(data.toString());
      else this.#messages.push(data.toString());
    });
    this.socket.on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
    this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    this.closed = promise;
  }

  /** Resolves with 101 once connected, else with the status of the refusal. */
  opened(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.socket.on('open', () => resolve(101));
    this.socket.on('unexpected-response', (_, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    return promise;
  }

  next(): Promise<string> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting = resolve;
    return promise;
  }
}

/** A WebSocket API `ws` with the stage `live` behind a real HTTP server. */
export class SocketsUnderTest implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly functions = new FakeFunctions();
  readonly foundation: Foundation = foundation(this.clock);
  readonly service = new WebSocketApis(this.foundation, { functions: this.functions });
  /** What the caller of `@connections` is denied. */
  denied: string | undefined;
  readonly #server = createServer((request, response) =>
    this.service.protocol.handle(request, response, {
      requestId: 'r',
      caller: { kind: 'account' },
      authorize: (action, arn) => {
        if (action === this.denied) throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
      },
    }),
  );
  #endpoint = '';

  constructor({ stage = {} }: { stage?: Partial<SocketStage> } = {}) {
    const api: SocketApi = {
      id: 'ws',
      name: 'Push',
      routeSelectionExpression: '$request.body.action',
      routes: new Map(),
      stages: new Map([['live', { name: 'live', variables: {}, ...stage }]]),
      integrations: new Map(),
    };
    this.service.apis.set('ws', api);
    this.functions.respond = () => ({ payload: '{"statusCode":200}' });
    this.#server.on('upgrade', (request, socket, head) => this.service.handleUpgrade(request, socket, head));
  }

  route(key: string, responds = false): this {
    const api = this.service.apis.get('ws');
    api?.integrations.set(key, {
      type: 'AWS_PROXY',
      uri: functionUri(key.replace('$', '')),
      timeoutMs: 29_000,
    });
    api?.routes.set(key, { id: key, key, integrationId: key, responds });
    return this;
  }

  /** Where `@connections` is. */
  async endpoint(): Promise<string> {
    if (this.#endpoint === '') {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#server.listen(0, '127.0.0.1', resolve);
      await promise;
      const address = this.#server.address();
      this.#endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/_aws/execute-api/ws/live`;
    }
    return this.#endpoint;
  }

  async client(search = '', options: object = {}, protocols: string[] = []): Promise<Client> {
    return new Client((await this.endpoint()).replace('http', 'ws') + search, options, protocols);
  }

  /** A client whose connection is open. */
  async connected(): Promise<Client> {
    const client = await this.client();
    await client.opened();
    return client;
  }

  /** Resolves with the event of the next invocation of the route's function. */
  invoked(route: string): Promise<Record<string, unknown>> {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    const before = this.functions.respond;
    this.functions.respond = (payload) => {
      const event: unknown = JSON.parse(payload);
      const isIt = this.functions.invoked.at(-1)?.functionArn.endsWith(`:${route.replace('$', '')}`);
      if (isIt && typeof event === 'object' && event !== null) resolve({ ...event });
      return before(payload);
    };
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close();
    this.#server.closeAllConnections();
    this.#server.close();
    this.foundation.store.close();
  }
}
