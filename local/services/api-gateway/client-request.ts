import type { IncomingMessage } from 'node:http';

/** A request as its client sent it. */
export interface ClientRequest {
  readonly method: string;
  readonly apiId: string;
  readonly stage: string;
  /** What the client sees, `/_aws/execute-api/{apiId}/{stage}` included, still percent-encoded. */
  readonly fullPath: string;
  /** Below the stage, with exactly one slash in front, still percent-encoded. */
  readonly path: string;
  readonly query: MultiValues;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
}

/** Names with all of their values, in the order in which they were sent. */
export type MultiValues = ReadonlyMap<string, readonly string[]>;

/** Header fields: found by any spelling, and keeping the one that was sent. */
export class Headers {
  readonly #fields = new Map<string, { readonly name: string; readonly values: string[] }>();

  add(name: string, value: string): void {
    const key = name.toLowerCase();
    const field = this.#fields.get(key);
    if (field) field.values.push(value);
    else this.#fields.set(key, { name, values: [value] });
  }

  /** The last value: what API Gateway takes where only one fits. */
  get(name: string): string | undefined {
    return this.#fields.get(name.toLowerCase())?.values.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#fields.get(name.toLowerCase())?.values ?? [];
  }

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), { name, values: [value] });
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  /** Last value by name. */
  single(): Record<string, string> {
    const result: Record<string, string> = {};
    for (const { name, values } of this.#fields.values()) result[name] = values.at(-1) ?? '';
    return result;
  }

  multi(): Record<string, readonly string[]> {
    const result: Record<string, readonly string[]> = {};
    for (const { name, values } of this.#fields.values()) result[name] = values;
    return result;
  }
}

/** They belong to one connection, or are worked out anew, and do not pass the gateway (seen in recordings of 2024). */
const stopAtTheGateway = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** However clients spell these, API Gateway passes them on as every handler looks them up (recorded on AWS, 02-08-2024). */
const canonical: Readonly<Record<string, string>> = {
  authorization: 'Authorization',
  host: 'Host',
  'user-agent': 'User-Agent',
};

export const parseHeaders = (request: IncomingMessage): Headers => {
  const headers = new Headers();
  const raw = request.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (!stopAtTheGateway.has(lower)) headers.add(canonical[lower] ?? name, raw[index + 1] ?? '');
  }
  return headers;
};

export const parseQuery = (search: string): MultiValues => {
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
};

const target = /^\/_aws\/execute-api\/([^/?]+)\/([^/?]+)([^?]*)\??(.*)$/s;

/** The target of a request, or undefined for a path that names no API and stage. */
export const parseTarget = (
  url: string,
): { apiId: string; stage: string; fullPath: string; path: string; search: string } | undefined => {
  const match = target.exec(url);
  if (!match) return undefined;
  const [, apiId = '', stage = '', below = '', search = ''] = match;
  // A raw quote is legal nowhere in a URL, and would end a text in a template.
  const safe = below.replaceAll('"', '%22');
  const fullPath = `/_aws/execute-api/${apiId}/${stage}${safe || '/'}`;
  return { apiId, stage, fullPath, path: `/${safe.replace(/^\/+/, '')}`, search };
};

export const clientRequest = (
  request: IncomingMessage,
  { search, ...place }: NonNullable<ReturnType<typeof parseTarget>>,
  body: Buffer,
): ClientRequest => ({
  ...place,
  method: request.method ?? 'GET',
  query: parseQuery(search),
  headers: parseHeaders(request),
  body,
  sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  protocol: `HTTP/${request.httpVersion}`,
});
