import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { Clock, Timer } from '../../clock.ts';
import type { Functions } from '../../ports.ts';
import { type Answer, answeredTraceId, type Routed } from './exchange.ts';
import { badGateway } from './gateway-error.ts';
import { requireMappable } from './integration-request.ts';
import { invokeIntegration } from './lambda-invocation.ts';
import { headerValue, mergedHeaders, proxyEvent } from './lambda-proxy.ts';
import { jsonBody } from './mapping-values.ts';

/** What ends the metadata that a function writes first. */
const DELIMITER = Buffer.alloc(8);
/** The delimiter has to come within the first 16 KB. */
const LONGEST_METADATA = 16 * 1024;
/** "For Regional or private endpoints, the timeout is 5 minutes." */
const IDLE_LIMIT_MS = 5 * 60 * 1000;

const Metadata = z.object({
  statusCode: z.int().min(100).max(599).default(200),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  cookies: z.array(z.string()).nullish(),
});

type Metadata = z.output<typeof Metadata>;

/** Takes what a function streams: metadata up to the delimiter, then the body as it comes. */
class StreamedResponse {
  readonly body = new PassThrough();
  readonly #clock: Clock;
  readonly #metadata = Promise.withResolvers<Metadata>();
  #first: Buffer | undefined = Buffer.alloc(0);
  #idle: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    // Who sends the body hears of its end himself, if he still listens.
    this.body.on('error', () => undefined);
  }

  get metadata(): Promise<Metadata> {
    return this.#metadata.promise;
  }

  take(chunk: Uint8Array): void {
    this.#idle?.cancel();
    this.#idle = this.#clock.after(IDLE_LIMIT_MS, () => this.fail(new Error('The stream was idle too long')));
    if (this.#first === undefined) this.body.write(chunk);
    else this.#begin(Buffer.concat([this.#first, chunk]));
  }

  end(): void {
    this.#idle?.cancel();
    if (this.#first === undefined) this.body.end();
    else this.fail(badGateway('The function streamed no metadata and delimiter'));
  }

  /** Before the metadata is there, the client can still be told; after it, its answer is cut off. */
  fail(error: unknown): void {
    this.#idle?.cancel();
    if (this.#first !== undefined) this.#metadata.reject(error);
    else this.body.destroy(error instanceof Error ? error : new Error(String(error)));
  }

  #begin(first: Buffer): void {
    const end = first.indexOf(DELIMITER);
    if (end > LONGEST_METADATA || (end === -1 && first.length > LONGEST_METADATA + DELIMITER.length))
      this.fail(badGateway('No delimiter within the first 16 KB of the stream'));
    this.#first = first;
    if (end === -1) return;
    const parsed = Metadata.safeParse(jsonBody(first.subarray(0, end)));
    if (!parsed.success) this.fail(badGateway(`Malformed metadata: ${z.prettifyError(parsed.error)}`));
    else {
      this.#first = undefined;
      this.#metadata.resolve(parsed.data);
      this.body.write(first.subarray(end + DELIMITER.length));
    }
  }
}

/**
 * `AWS_PROXY` whose response transfer mode is `STREAM`: the client gets what the function writes while it writes it.
 * Source: "Set up a Lambda proxy integration with payload response streaming in API Gateway".
 */
export const streamFromFunction = async (
  functions: Functions,
  clock: Clock,
  exchange: Routed,
): Promise<Answer> => {
  requireMappable(exchange);
  const response = new StreamedResponse(clock);
  const event = JSON.stringify(proxyEvent(exchange));
  invokeIntegration(functions, clock, exchange, event, (chunk) => response.take(chunk)).then(
    ({ functionError, payload }) =>
      functionError
        ? response.fail(badGateway(`The function failed: ${payload.slice(0, 1_000)}`))
        : response.end(),
    (error: unknown) => response.fail(error),
  );
  const { statusCode, cookies, ...fields } = await response.metadata;
  const setCookies = (cookies ?? []).map((cookie) => ['Set-Cookie', cookie] as const);
  return {
    status: statusCode,
    headers: [...mergedHeaders(fields), ...setCookies, ['X-Amzn-Trace-Id', answeredTraceId(exchange)]],
    body: '',
    stream: response.body,
  };
};
