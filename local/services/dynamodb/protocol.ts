import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import { resourcesOf } from './authorization.ts';
import { metered } from './capacity.ts';
import { DynamoDbError, type Json } from './engine.ts';
import type { Operations } from './operations.ts';

const LARGEST_REQUEST = 16 * 1024 * 1024;
const API = 'DynamoDB_20120810.';
const input = z.record(z.string(), z.unknown());

/** Amazon DynamoDB, AWS JSON 1.0. */
export class DynamoDbProtocol implements Protocol {
  readonly #foundation: Foundation;
  readonly #operations: Operations;

  constructor(foundation: Foundation, operations: Operations) {
    this.#foundation = foundation;
    this.#operations = operations;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    try {
      send(response, 200, await this.#run(request, call));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      send(response, error.status, errorBody(error));
    }
  }

  async #run(request: IncomingMessage, call: Call): Promise<Json> {
    const target = request.headers['x-amz-target'];
    const name = typeof target === 'string' && target.startsWith(API) ? target.slice(API.length) : '';
    if (name === '')
      throw new DynamoDbError(
        'com.amazon.coral.service#UnknownOperationException',
        'X-Amz-Target names no operation',
      );
    const parsed = parse(await readBody(request, LARGEST_REQUEST));
    const { account, region, clock, trace } = this.#foundation;
    const resources = resourcesOf(parsed, (table) => `arn:aws:dynamodb:${region}:${account}:table/${table}`);
    const at = clock.now();
    for (const resource of resources) call.authorize(`dynamodb:${name}`, resource);
    let units: number | undefined;
    try {
      const { answer, consumed } = await metered(name, parsed, (input) => this.#operations.call(name, input));
      units = consumed;
      return answer;
    } finally {
      const share = units === undefined ? {} : { units: units / resources.length };
      for (const resource of resources)
        trace.record({
          ...{ at, service: 'dynamodb', action: name, resource },
          ids: { requestId: call.requestId, ...share },
        });
    }
  }
}

const parse = (body: Buffer): Json => {
  try {
    return input.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new DynamoDbError(
      'com.amazon.coral.service#SerializationException',
      'The body is not a JSON object',
    );
  }
};

const errorBody = (error: AwsError): Json => {
  const denied = error.code === 'AccessDenied';
  const type =
    error instanceof DynamoDbError
      ? error.type
      : `com.amazon.coral.service#${denied ? 'AccessDeniedException' : error.code}`;
  const item = error instanceof DynamoDbError && error.item ? { Item: error.item } : {};
  return { __type: type, message: error.message, ...item };
};

const send = (response: ServerResponse, status: number, content: Json): void => {
  const body = Buffer.from(JSON.stringify(content));
  response.writeHead(denied(status), {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
    'x-amz-crc32': crc32(body),
  });
  response.end(body);
};

/** DynamoDB says 400 where other services say 403. */
const denied = (status: number): number => (status === 403 ? 400 : status);
