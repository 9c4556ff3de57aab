import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AwsError } from './errors.ts';
import { Connections } from './gateway/connections.ts';
import { credentialScopeOf } from './gateway/credential-scope.ts';
import { failureAnswer } from './gateway/failure.ts';
import { isKnownHost } from './gateway/host.ts';
import { serviceOf } from './gateway/routes.ts';
import type { Iam } from './iam.ts';
import type { Call, Protocol } from './services/service.ts';

/** What stands behind the endpoint. */
export interface Backends {
  readonly iam: Iam;
  /** By the service's name in a signature's scope (`sqs`, `s3` ...), and by the destinations of `gateway/routes.ts`. */
  readonly protocols: ReadonlyMap<string, Protocol>;
  /** WebSocket handshakes under `/_aws/execute-api/`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The one endpoint of the local cloud: finds the service of each request and who asks. */
export class Gateway {
  readonly #connections = new Connections();
  #backends: Backends | undefined;

  constructor() {
    this.#connections.http.on('request', (request, response) => void this.#answer(request, response));
    this.#connections.http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /**
   * Takes the port; requests are answered 503 until `serve`.
   * @param port 0 for any free one.
   * @returns the endpoint, `http://127.0.0.1:PORT`.
   */
  async listen(port: number): Promise<string> {
    return `http://127.0.0.1:${await this.#connections.listen(port)}`;
  }

  serve(backends: Backends): void {
    this.#backends = backends;
  }

  /** From here on every request is refused; those under way are answered. */
  refuse(): void {
    this.#backends = undefined;
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    response.setHeader('x-amz-request-id', requestId);
    try {
      const { protocol, call } = this.#route(request, requestId);
      await protocol.handle(request, response, call);
    } catch (error) {
      fail(request, response, requestId, error);
    }
  }

  #route(request: IncomingMessage, requestId: string): { protocol: Protocol; call: Call } {
    if (!isKnownHost(request))
      throw new AwsError(
        'ForbiddenHost',
        `The local cloud does not answer for the host ${request.headers.host}`,
        403,
      );
    const backends = this.#backends;
    if (!backends) throw new AwsError('ServiceUnavailable', 'The local cloud is starting or ending', 503);

    const { path, query } = target(request);
    const scope = credentialScopeOf(request, query);
    const service = serviceOf(request, path, query, scope);
    const protocol = backends.protocols.get(service);
    if (!protocol) throw unknownService(service, backends);

    const caller = backends.iam.callerOf(scope?.accessKeyId);
    const authorize = (action: string, resourceArn: string) =>
      backends.iam.authorize(caller, action, resourceArn);
    return { protocol, call: { requestId, caller, authorize } };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#backends && isKnownHost(request) && request.url?.startsWith('/_aws/execute-api/')) {
      this.#backends.upgrade(request, socket, head);
      return;
    }
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }
}

/** Nobody writes into it. */
const noQuery = new URLSearchParams();

const target = (request: IncomingMessage): { path: string; query: URLSearchParams } => {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: noQuery }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
};

const unknownService = (service: string, { protocols }: Backends): AwsError => {
  const known = [...protocols.keys()].filter((name) => /^[a-z]/.test(name)).join(', ');
  return new AwsError('UnknownService', `The local cloud has no service "${service}". It has: ${known}`, 501);
};

/** Only for what no service answered itself. */
const fail = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: unknown,
): void => {
  const known = error instanceof AwsError;
  if (!known) console.error(`local cloud: ${request.method} ${request.url?.split('?')[0]} failed:`, error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const shown = known ? error : new AwsError('InternalFailure', 'The local cloud failed', 500);
  const { path, query } = target(request);
  const service = credentialScopeOf(request, query)?.service ?? path;
  const { headers, body } = failureAnswer(request, shown, { requestId, service });
  request.resume();
  response.writeHead(shown.status, headers);
  response.end(body);
};
