import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import { consumerOperations } from './consumer-operations.ts';
import type { Operation } from './operation.ts';
import { recordOperations } from './record-operations.ts';
import type { Kinesis } from './service.ts';
import { shardOperations } from './shard-operations.ts';
import { streamOperations } from './stream-operations.ts';
import { Subscriptions } from './subscriptions.ts';
import { tagOperations } from './tag-operations.ts';

/** 10 MiB of records in base64, and what is around them. */
const MOST_REQUEST_BYTES = 16 * 1024 * 1024;
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const TARGET = 'Kinesis_20131202.';

const operations = new Map<string, Operation>(
  Object.entries({
    ...streamOperations,
    ...shardOperations,
    ...recordOperations,
    ...consumerOperations,
    ...tagOperations,
  }),
);

/** Their names; `SubscribeToShard` answers with a stream, apart from them. */
export const kinesisOperations: ReadonlySet<string> = new Set([...operations.keys(), 'SubscribeToShard']);

/** Kinesis Data Streams on the wire: AWS JSON 1.1. The CBOR that some SDKs send is refused by name. */
export class KinesisProtocol implements Protocol {
  readonly #kinesis: Kinesis;
  readonly #clock: Clock;
  readonly #subscriptions = new Subscriptions();

  constructor(kinesis: Kinesis, clock: Clock) {
    this.#kinesis = kinesis;
    this.#clock = clock;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { status, output } = await this.#answer(request, response, call);
    if (response.headersSent) return;
    const body = output ? JSON.stringify(output) : '';
    response.writeHead(status, {
      'content-type': CONTENT_TYPE,
      'x-amzn-requestid': call.requestId,
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    call: Call,
  ): Promise<{ status: number; output: object | undefined }> {
    try {
      const input = parse(request, await readBody(request, MOST_REQUEST_BYTES));
      const target = String(request.headers['x-amz-target'] ?? '');
      const around = { kinesis: this.#kinesis, clock: this.#clock, call };
      if (target === `${TARGET}SubscribeToShard`) {
        this.#subscriptions.open(input, around, request, response);
        return { status: 200, output: undefined };
      }
      const operation = target.startsWith(TARGET) ? operations.get(target.slice(TARGET.length)) : undefined;
      if (!operation) throw new AwsError('UnknownOperationException', `${target} is not supported here`);
      const output = await operation(input, around);
      await this.#kinesis.committed();
      return { status: 200, output };
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      const denied = code === 'AccessDenied';
      const __type = denied ? 'AccessDeniedException' : code;
      return { status: denied ? 400 : status, output: { __type, message } };
    }
  }
}

const parse = (request: IncomingMessage, body: Buffer): unknown => {
  if (request.headers['content-type']?.includes('cbor'))
    throw new AwsError('SerializationException', 'CBOR is not supported here: set AWS_CBOR_DISABLE=true');
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is not valid JSON.');
  }
};

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
