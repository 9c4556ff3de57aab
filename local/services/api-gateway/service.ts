import {
  type IncomingMessage,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Functions } from '../../ports.ts';
import { type Protocol, readBody } from '../service.ts';
import { clientRequest, parseTarget } from './client-request.ts';
import { Definitions } from './definitions.ts';
import { type Answer, beginExchange, type Exchange } from './exchange.ts';
import { badGateway, GatewayError } from './gateway-error.ts';
import { gatewayAnswer } from './gateway-response.ts';
import { Observer } from './observer.ts';
import { Pipeline } from './pipeline.ts';
import { outgoingHeaders } from './response-headers.ts';

/** "Payload size: 10 MB" in "Quotas for configuring and running a REST API in API Gateway". */
const PAYLOAD_LIMIT = 10 * 1024 * 1024;

const forbidden: Answer = {
  status: 403,
  headers: [
    ['Content-Type', 'application/json'],
    ['x-amzn-ErrorType', 'ForbiddenException'],
  ],
  body: '{"message":"Forbidden"}',
};

/** Amazon API Gateway, REST APIs: answers `/_aws/execute-api/{apiId}/{stage}/{path}`. */
export class ApiGateway {
  /** What the templates define; resource types write it. */
  readonly definitions = new Definitions();
  readonly protocol: Protocol = {
    handle: (request, response, { requestId }) => this.handle(request, response, requestId),
  };
  readonly #foundation: Foundation;
  readonly #pipeline: Pipeline;
  readonly #observer: Observer;

  constructor(foundation: Foundation, ports: { readonly functions: Functions }) {
    this.#foundation = foundation;
    this.#pipeline = new Pipeline(foundation, ports.functions, this.definitions);
    this.#observer = new Observer(foundation);
  }

  /** Answers one request, errors too. */
  async handle(request: IncomingMessage, response: ServerResponse, requestId?: string): Promise<void> {
    const target = parseTarget(request.url ?? '');
    const definition = target && this.definitions.apis.get(target.apiId);
    const stage = target && definition?.stages.get(target.stage);
    if (!definition || !stage) {
      request.resume();
      await send(response, request, forbidden);
      return;
    }
    const received = await bodyOf(request);
    // The client has gone away in the middle of its own request: nobody waits for an answer.
    if (!received) return;
    const { body, tooLarge } = received;
    const exchange = beginExchange(definition, stage, clientRequest(request, target, body), {
      now: this.#foundation.clock.now(),
      account: this.#foundation.account,
      region: this.#foundation.region,
      requestId,
    });
    forwarded(request, exchange, this.#foundation.endpoint);
    const answer = tooLarge
      ? gatewayAnswer(exchange, new GatewayError('REQUEST_TOO_LARGE'))
      : await this.#foundation.trace.within({ header: exchange.segment.header }, () =>
          this.#answer(exchange),
        );
    await send(response, request, answer, exchange);
    this.#observer.answered(exchange, answer);
  }

  /** Ends when every access log line is written. */
  close(): Promise<void> {
    this.#pipeline.close();
    return this.#observer.close();
  }

  async #answer(exchange: Exchange): Promise<Answer> {
    try {
      return sendable(await this.#pipeline.run(exchange));
    } catch (error) {
      const known =
        error instanceof GatewayError ? error : new GatewayError('DEFAULT_5XX', { reason: String(error) });
      if (known.reason) this.#observer.failed(exchange, known.reason);
      exchange.integrationError = known.message;
      return gatewayAnswer(exchange, known);
    }
  }
}

const bodyOf = async (request: IncomingMessage): Promise<{ body: Buffer; tooLarge: boolean } | undefined> => {
  try {
    return { body: await readBody(request, PAYLOAD_LIMIT), tooLarge: false };
  } catch (error) {
    if (error instanceof AwsError && error.status === 413) return { body: Buffer.alloc(0), tooLarge: true };
    if (request.destroyed) return undefined;
    throw error;
  }
};

/** What a back end or a mapping made of status and header fields may be no HTTP: that is a 502, and no crash. */
const sendable = (answer: Answer): Answer => {
  if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 599)
    throw badGateway(`${answer.status} is no status of an answer`);
  try {
    for (const [name, value] of answer.headers) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch (error) {
    throw badGateway(String(error));
  }
  return answer;
};

/** The fields that say where the request came from, added to what the integration sees. */
const forwarded = (
  request: IncomingMessage,
  { request: { headers, sourceIp }, traceId }: Exchange,
  endpoint: string,
) => {
  const before = headers.get('X-Forwarded-For');
  headers.set('X-Forwarded-For', before ? `${before}, ${sourceIp}` : sourceIp);
  headers.set('X-Forwarded-Port', String(request.socket.localPort ?? new URL(endpoint).port));
  headers.set('X-Forwarded-Proto', 'http');
  headers.set('X-Amzn-Trace-Id', traceId);
};

const send = async (
  response: ServerResponse,
  request: IncomingMessage,
  { status, headers, body, stream }: Answer,
  exchange?: Exchange,
): Promise<void> => {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, values] of outgoingHeaders(headers))
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  if (exchange) {
    response.setHeader('x-amzn-RequestId', exchange.requestId);
    response.setHeader('x-amz-apigw-id', exchange.extendedRequestId);
  }
  if (stream && exchange) return sendStream(response, status, stream, exchange);
  const hasBody = status !== 204 && status !== 304;
  if (hasBody) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status);
  response.end(hasBody && request.method !== 'HEAD' ? body : undefined);
};

/** What is written is sent at once. A stream that breaks off ends the connection: the client sees that something is missing. */
const sendStream = async (
  response: ServerResponse,
  status: number,
  stream: Readable,
  exchange: Exchange,
): Promise<void> => {
  exchange.streamedBytes = 0;
  response.writeHead(status);
  response.flushHeaders();
  stream.on('data', (chunk: Buffer) => {
    exchange.streamedBytes = (exchange.streamedBytes ?? 0) + chunk.length;
  });
  try {
    await pipeline(stream, response);
  } catch {
    response.destroy();
  }
};
