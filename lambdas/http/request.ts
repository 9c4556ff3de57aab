import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import { type FieldError, invalidRequest } from '../domain/problem.ts';
import type { Trace } from '../messages/cloud-event.ts';
import { headerOf } from './header.ts';

/** A body longer than this, in bytes, is refused unread: images never pass through here. */
const MAX_BODY_BYTES = 64 * 1024;

/** Short enough for a DynamoDB key and for a log line, and without control characters. */
const CALLER_ID = /^[\x21-\x7e]{1,128}$/;

/** For requests whose body means nothing: whatever is sent is not looked at. */
export const noBody = z.unknown();

/** What a REST handler works with. */
export interface RestRequest<Body> {
  readonly body: Body;
  /** Whose jobs are meant. */
  readonly owner: string;
  readonly trace: Trace;
  /** The path up to and including `/v1/jobs`, with the stage in front where there is one: the base of every link. */
  readonly jobsPath: string;
  readonly jobId: string;
  /** The path as the client sees it, with the stage in front where there is one. */
  readonly path: string;
  /** The address of the API itself, up to and including `/v1`: for links that leave it, such as those in a newsletter. */
  readonly apiUrl: string;
  /** A parameter of the path; empty where there is none of this name. */
  readonly parameter: (name: string) => string;
  /** The body as it was sent, for what is not JSON. */
  readonly text: () => string;
  /** When the API took it. */
  readonly receivedAt: Date;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly header: (name: string) => string | undefined;
}

/** @throws {ProblemError} `invalid-request`, naming each field that is wrong */
export const readRequest = <Body>(
  event: APIGatewayProxyEvent,
  schema: z.ZodType<Body>,
  trace: Trace,
): RestRequest<Body> => {
  const header = headerOf(event);
  return {
    header,
    owner: ownerOf(header('x-caller-id')),
    trace,
    jobsPath: jobsPathOf(event.requestContext.path),
    jobId: event.pathParameters?.id ?? '',
    path: event.requestContext.path,
    apiUrl: apiUrlOf(event, header('x-forwarded-proto')),
    parameter: (name) => event.pathParameters?.[name] ?? '',
    text: () => readBytes(event).toString('utf8'),
    receivedAt: new Date(event.requestContext.requestTimeEpoch),
    query: event.queryStringParameters ?? {},
    body: validated(schema, schema === noBody ? undefined : readJson(event)),
  };
};

/**
 * Holds what a client sent against its contract.
 * @param at where in the request the value stands: the start of every pointer
 * @throws {ProblemError} `invalid-request`
 */
export const validated = <T>(schema: z.ZodType<T>, value: unknown, at = '#'): T => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalidRequest(read.error.issues.flatMap((issue) => fieldErrors(issue, at)));
};

/** Who calls is what the caller says: the example has no accounts. */
const ownerOf = (callerId = 'anonymous'): string => {
  if (!CALLER_ID.test(callerId)) {
    throw invalidRequest([{ pointer: 'x-caller-id', detail: 'must be 1 to 128 printable ASCII characters' }]);
  }
  return callerId;
};

/** API Gateway answers under its own names only: the host of a request that has come this far is the API's. */
const apiUrlOf = ({ requestContext }: APIGatewayProxyEvent, protocol = 'https'): string =>
  `${protocol}://${requestContext.domainName}${requestContext.path.replace(/(\/v1)(\/.*)?$/, '$1')}`;

const jobsPathOf = (path: string): string => path.replace(/(\/v1\/jobs)(\/.*)?$/, '$1');

const readBytes = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer => {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MAX_BODY_BYTES) {
    throw invalidRequest([
      { pointer: '#', detail: `the body must not be longer than ${MAX_BODY_BYTES} bytes` },
    ]);
  }
  return bytes;
};

const readJson = (event: APIGatewayProxyEvent): unknown => {
  if (!event.body) return undefined;
  const bytes = readBytes(event);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidRequest([{ pointer: '#', detail: 'the body must be JSON' }]);
  }
};

/** An unknown field is reported under its own name, not under that of the object that it is in. */
const fieldErrors = (issue: z.core.$ZodIssue, at: string): FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({
        pointer: pointerTo([...issue.path, key], at),
        detail: 'is not a known field',
      }))
    : [{ pointer: pointerTo(issue.path, at), detail: issue.message }];

/** A JSON pointer as a URI fragment (RFC 6901, 3 and 6). */
const pointerTo = (path: readonly PropertyKey[], at: string): string =>
  [
    at,
    ...path.map((step) => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))),
  ].join('/');
