import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import { alarmOperations } from './alarm-operations.ts';
import { metricOperations } from './metric-operations.ts';
import type { Operation } from './operation.ts';
import type { CloudWatch } from './service.ts';

const MOST_REQUEST_BYTES = 1024 * 1024;
const CONTENT_TYPE = 'application/x-amz-json-1.0';
const TARGET = 'GraniteServiceVersion20100801.';

const operations = new Map<string, Operation>(Object.entries({ ...alarmOperations, ...metricOperations }));

/** Amazon CloudWatch on the wire: AWS JSON 1.0. The query protocol and CBOR of other clients are refused by name. */
export class CloudWatchProtocol implements Protocol {
  readonly #cloudWatch: CloudWatch;
  readonly #foundation: Foundation;

  constructor(cloudWatch: CloudWatch, foundation: Foundation) {
    this.#cloudWatch = cloudWatch;
    this.#foundation = foundation;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { status, headers = {}, output } = await this.#answer(request, call);
    const body = output ? JSON.stringify(output) : '{}';
    response.writeHead(status, {
      ...headers,
      'content-type': CONTENT_TYPE,
      'x-amzn-requestid': call.requestId,
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  async #answer(request: IncomingMessage, call: Call): Promise<Answer> {
    try {
      const body = await readBody(request, MOST_REQUEST_BYTES);
      const target = String(request.headers['x-amz-target'] ?? '');
      if (!target.startsWith(TARGET))
        throw new AwsError(
          'UnsupportedProtocol',
          'The local cloud speaks AWS JSON 1.0 for Amazon CloudWatch: use a current SDK or AWS CLI',
          415,
        );
      const action = target.slice(TARGET.length);
      const operation = operations.get(action);
      if (!operation)
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud does not support the action ${action} of Amazon CloudWatch: see docs/local-cloud.md`,
        );
      const cloudWatch = this.#cloudWatch;
      const output = await operation(parse(body), { cloudWatch, clock: this.#foundation.clock, call });
      return { status: 200, output };
    } catch (error) {
      return failure(error);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly output: object | undefined;
}

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is not valid JSON.');
  }
};

/** Clients of the older protocol know an error by another code: it goes beside, in a header ("awsQueryCompatible"). */
const failure = (error: unknown): Answer => {
  const { code, message, status, fault } = asAwsError(error);
  return {
    status,
    headers: { 'x-amzn-query-error': `${code};${fault}` },
    output: { __type: `com.amazonaws.cloudwatch#${code}`, message },
  };
};

const asAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error;
  if (error instanceof z.ZodError) return new AwsError('ValidationError', z.prettifyError(error));
  console.error('local cloud: Amazon CloudWatch failed:', error);
  return new AwsError('InternalServiceFault', 'The local cloud failed', 500);
};
