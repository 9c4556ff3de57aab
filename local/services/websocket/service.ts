import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Foundation } from '../../cloud.ts';
import type { Functions } from '../../ports.ts';
import { TokenBuckets } from '../api-gateway/throttling.ts';
import type { Protocol } from '../service.ts';
import { Connection, MESSAGE_LIMIT } from './connection.ts';
import { connectEvent, disconnectEvent, messageEvent, type SocketEvent } from './events.ts';
import { invokeRoute, type RouteResult } from './invocation.ts';
import { manage, told } from './management.ts';
import type { SocketApi, SocketRoute } from './model.ts';
import { routeOf } from './routing.ts';

const place = /^\/_aws\/execute-api\/([^/?]+)\/([^/?]+)\/?(?:\?.*)?$/;

/** Amazon API Gateway, WebSocket APIs, and their `@connections` management API. */
export class WebSocketApis {
  /** By id; resource types write it. */
  readonly apis = new Map<string, SocketApi>();
  /** `/_aws/execute-api/{apiId}/{stage}/@connections/{connectionId}` */
  readonly protocol: Protocol = {
    handle: (request, response, call) =>
      manage(this.#foundation, (id) => this.#connections.get(id), { request, response, call }),
  };
  readonly #foundation: Foundation;
  readonly #functions: Functions;
  readonly #connections = new Map<string, Connection>();
  readonly #buckets: TokenBuckets;

  constructor(foundation: Foundation, ports: { readonly functions: Functions }) {
    this.#foundation = foundation;
    this.#functions = ports.functions;
    this.#buckets = new TokenBuckets(foundation.clock);
  }

  /** A WebSocket handshake at `/_aws/execute-api/{apiId}/{stage}`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, apiId = '', stageName = ''] = place.exec(request.url ?? '') ?? [];
    const api = this.apis.get(apiId);
    const stage = api?.stages.get(stageName);
    // A client that gives up during the handshake is no failure of the cloud.
    socket.on('error', () => undefined);
    if (!api || !stage) {
      refuse(socket, 403);
      return;
    }
    const connection = new Connection(this.#foundation.clock, api, stage, request);
    void this.#connect(connection, socket, head);
  }

  /** Ends all connections; no function hears of it. */
  async close(): Promise<void> {
    for (const connection of this.#connections.values()) connection.terminate();
    this.#connections.clear();
  }

  async #connect(connection: Connection, socket: Duplex, head: Buffer): Promise<void> {
    const route = connection.api.routes.get('$connect');
    const event = connectEvent(connection, this.#now());
    const result = route ? await this.#run(connection, route, event) : { statusCode: 200 };
    this.#record(connection, 'ConnectCount', { statusCode: result.statusCode });
    if (result.statusCode < 200 || result.statusCode >= 300) {
      refuse(socket, result.statusCode);
      return;
    }
    const protocol = headerOf(result, 'sec-websocket-protocol');
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_LIMIT,
      perMessageDeflate: false,
      handleProtocols: () => protocol ?? false,
    });
    server.handleUpgrade(connection.handshake, socket, head, (client) => {
      this.#connections.set(connection.id, connection);
      connection.open(client, {
        message: (text) => void this.#message(connection, text),
        closed: (code, reason) => void this.#disconnected(connection, code, reason),
      });
    });
  }

  async #message(connection: Connection, text: string): Promise<void> {
    const { api, stage } = connection;
    const route = routeOf(api, text);
    const event = messageEvent(connection, route?.key ?? '$default', text, this.#now());
    this.#record(connection, 'MessageCount', { route: route?.key ?? 'none', bytes: Buffer.byteLength(text) });
    const complain = (message: string) => {
      const { requestId } = event.requestContext;
      return connection.send(JSON.stringify({ message, connectionId: connection.id, requestId }));
    };
    if (stage.throttle && !this.#buckets.take(`${api.id} ${stage.name}`, stage.throttle)) {
      await complain('Too Many Requests');
      return;
    }
    if (!route) {
      await complain('Forbidden');
      return;
    }
    const result = await this.#run(connection, route, event);
    if (result.statusCode >= 500) await complain('Internal server error');
    else if (route.responds && result.body) {
      await connection.send(result.body);
      told(this.#foundation, connection, result.body);
    }
  }

  async #disconnected(connection: Connection, code: number, reason: string): Promise<void> {
    this.#connections.delete(connection.id);
    this.#foundation.trace.record({
      ...{ at: this.#now(), service: 'websocket', action: 'Disconnect' },
      resource: `${connection.api.name}/${connection.stage.name}`,
      ids: { connectionId: connection.id, connectedMs: this.#now() - connection.connectedAt },
    });
    const route = connection.api.routes.get('$disconnect');
    if (!route) return;
    await this.#run(connection, route, disconnectEvent(connection, { code, reason, now: this.#now() }));
  }

  async #run(connection: Connection, route: SocketRoute, event: SocketEvent): Promise<RouteResult> {
    const result = await invokeRoute(this.#foundation, this.#functions, connection, { route, event });
    if (result.statusCode >= 500) this.#record(connection, 'IntegrationError', { route: route.key });
    return result;
  }

  #record(
    { api, stage, id }: Connection,
    name: string,
    ids: Readonly<Record<string, string | number>>,
  ): void {
    const { metrics, trace } = this.#foundation;
    metrics.record('AWS/ApiGateway', name, { ApiId: api.id, Stage: stage.name }, 1);
    trace.record({
      at: this.#now(),
      service: 'websocket',
      action: name.replace('Count', ''),
      resource: `${api.name}/${stage.name}`,
      ids: { connectionId: id, ...ids },
    });
  }

  #now(): number {
    return this.#foundation.clock.now();
  }
}

const headerOf = ({ headers }: RouteResult, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1];

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  502: 'Bad Gateway',
};

/** Answers a handshake with an HTTP status instead of a connection. */
const refuse = (socket: Duplex, status: number): void => {
  const body =
    status >= 500 ? '{"message":"Internal server error"}' : `{"message":"${reasons[status] ?? 'Forbidden'}"}`;
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};
