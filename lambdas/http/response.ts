import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Problem } from '../domain/problem.ts';

export type Headers = Readonly<Record<string, string>>;

/** A client had better wait this long before it asks for a job again; in seconds. */
export const RETRY_SOON: Headers = { 'retry-after': '1' };

/** Scripts of any site may call, and may read what they need to follow a job. */
const CORS: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, location, retry-after, traceparent, x-correlation-id',
};

export const json = (statusCode: number, body: object, headers: Headers = {}): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...CORS, ...headers },
  body: JSON.stringify(body),
});

/** The bytes of an image; API Gateway decodes them for a client whose `Accept` begins with an image type. */
export const image = (bytes: Uint8Array, contentType: string): APIGatewayProxyResult => ({
  statusCode: 200,
  headers: { 'content-type': contentType, ...CORS },
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});

export const empty = (statusCode: number, headers: Headers): APIGatewayProxyResult => ({
  statusCode,
  headers: { ...CORS, ...headers },
  body: '',
});

/** An error as RFC 9457 has it. */
export const problemResponse = (problem: Problem, headers: Headers = {}): APIGatewayProxyResult =>
  json(problem.status, problem, { 'content-type': 'application/problem+json', ...headers });
