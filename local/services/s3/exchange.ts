import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Foundation } from '../../cloud.ts';
import type { Call } from '../service.ts';
import type { Buckets } from './buckets.ts';
import type { Cause } from './event.ts';
import type { MultipartUploads } from './multipart.ts';
import type { ObjectEngine } from './objects.ts';
import type { S3Store } from './store.ts';
import { document, type Xml } from './xml.ts';

/** What the operations work on. */
export interface Engines {
  readonly foundation: Foundation;
  readonly store: S3Store;
  readonly buckets: Buckets;
  readonly objects: ObjectEngine;
  readonly multipart: MultipartUploads;
}

/** One request to S3, and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: Call;
  /** Empty where the request names none. */
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** One operation of the API, by its name there. */
export interface Operation {
  readonly name: string;
  run(exchange: Exchange, engines: Engines): Promise<void> | void;
}

export const header = ({ request }: Exchange, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

export const causeOf = ({ call }: Exchange, event: string): Cause => ({
  requestId: call.requestId,
  caller: call.caller,
  event,
});

export const sendEmpty = (
  { response }: Exchange,
  status: number,
  headers: Record<string, string> = {},
): void => {
  // A 204 has no body; every other answer says that its body is empty.
  response.writeHead(
    status,
    status === 204 || status === 304 ? headers : { 'content-length': '0', ...headers },
  );
  response.end();
};

export const sendXml = (
  { response, request }: Exchange,
  root: string,
  content: Xml,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  const body = document(root, content);
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};
