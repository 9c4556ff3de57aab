import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import { SqsError } from './errors.ts';
import { type Answer, type Codec, jsonCodec } from './json-codec.ts';
import { messageOperations } from './message-operations.ts';
import type { Operation } from './operation.ts';
import { permissionOperations } from './permission-operations.ts';
import { queryCodec } from './query-codec.ts';
import { queueOperations } from './queue-operations.ts';
import type { Sqs } from './service.ts';

/** 1 MiB of messages, each byte escaped in JSON or in a form, and what is around them. */
const MOST_REQUEST_BYTES = 8 * 1024 * 1024;

const operations = new Map<string, Operation>(
  Object.entries({ ...messageOperations, ...queueOperations, ...permissionOperations }),
);

/** Their names. */
export const sqsOperations: ReadonlySet<string> = new Set(operations.keys());

/** Amazon SQS on the wire: AWS JSON 1.0, and the query protocol that went before it. */
export class SqsProtocol implements Protocol {
  readonly #sqs: Sqs;

  constructor(sqs: Sqs) {
    this.#sqs = sqs;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const answer = await this.#answer(request, response, call);
    response.writeHead(answer.status, {
      ...answer.headers,
      'x-amzn-requestid': call.requestId,
      'content-length': Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, call: Call): Promise<Answer> {
    let codec = codecOf(request, Buffer.alloc(0));
    try {
      codec = codecOf(request, await readBody(request, MOST_REQUEST_BYTES));
      const operation = operations.get(codec.action);
      if (!operation)
        throw new SqsError('InvalidAction', `The action ${codec.action} is not valid for this endpoint.`);
      const traceHeader = request.headers['x-amzn-trace-id'];
      const output = await operation(codec.input(), {
        sqs: this.#sqs,
        call,
        whenGone: () => closed(response),
        ...(typeof traceHeader === 'string' && { traceHeader }),
      });
      return codec.answer(output, call.requestId);
    } catch (error) {
      return codec.error(asAwsError(error), call.requestId);
    }
  }
}

const closed = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
};

const codecOf = (request: IncomingMessage, body: Buffer): Codec => {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return jsonCodec(target, body);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const form = new URLSearchParams(body.toString());
  for (const [name, value] of searchParams) form.append(name, value);
  return queryCodec(form, pathname, request.headers.accept?.includes('application/json') ?? false);
};

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
