import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AwsError } from './errors.ts';
import { type Protocol, readBody } from './services/service.ts';

/** One request to `/_local/...`. */
export interface AdminRequest {
  /** The parts of the path that its pattern names: `{token}`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** JSON, unless `contentType` says otherwise; then `body` is sent as it is. */
export type AdminAnswer =
  | { readonly status?: number; readonly json: unknown }
  | { readonly status?: number; readonly contentType: string; readonly body: string };

export type AdminHandler = (request: AdminRequest) => Promise<AdminAnswer> | AdminAnswer;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: AdminHandler;
}

const LARGEST_BODY = 1024 * 1024;

/**
 * The local cloud's own controls, under `/_local/`. Other parts of the cloud add theirs with `on`.
 * A web page may not use them: a request with an `Origin` other than the endpoint's is refused.
 */
export class Admin implements Protocol {
  readonly #endpoint: string;
  readonly #routes: Route[] = [];

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** @param pattern `/_local/cfn-response/{token}`: a name in braces stands for one part of the path. */
  on(method: string, pattern: string, handler: AdminHandler): void {
    this.#routes.push({ method, segments: pattern.split('/'), handler });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#refuseForeign(request);
      const url = new URL(request.url ?? '/', this.#endpoint);
      const { handler, parameters } = this.#find(request.method ?? 'GET', url.pathname);
      const body = await readBody(request, LARGEST_BODY);
      send(response, await handler({ parameters, query: url.searchParams, body }));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      request.resume();
      sendProblem(response, error);
    }
  }

  #refuseForeign({ headers }: IncomingMessage): void {
    const port = new URL(this.#endpoint).port;
    const own = [this.#endpoint, `http://localhost:${port}`];
    if (headers.origin !== undefined && !own.includes(headers.origin))
      throw new AwsError('ForeignOrigin', `A page of ${headers.origin} may not control the local cloud`, 403);
  }

  #find(method: string, path: string): { handler: AdminHandler; parameters: Record<string, string> } {
    for (const route of this.#routes) {
      const parameters = route.method === method ? match(route.segments, path.split('/')) : undefined;
      if (parameters) return { handler: route.handler, parameters };
    }
    const known = this.#routes.map((route) => `${route.method} ${route.segments.join('/')}`).join(', ');
    throw new AwsError('NotFound', `There is no ${method} ${path} here. There is: ${known}`, 404);
  }
}

const match = (pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const part = parts[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name) parameters[name] = decodeURIComponent(part);
    else if (segment !== part) return undefined;
  }
  return parameters;
};

const send = (response: ServerResponse, answer: AdminAnswer): void => {
  const [type, body] =
    'json' in answer ? ['application/json', JSON.stringify(answer.json)] : [answer.contentType, answer.body];
  response.writeHead(answer.status ?? 200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
};

/** RFC 9457. */
const sendProblem = (response: ServerResponse, { code, message, status }: AwsError): void => {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, detail: message });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
};

/** Reads a JSON body. @throws AwsError InvalidRequest that names the field. */
export const jsonBody = <Schema extends z.ZodType>(
  { body }: AdminRequest,
  schema: Schema,
): z.output<Schema> => {
  let content: unknown;
  try {
    content = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequest', 'The body is not JSON');
  }
  const result = schema.safeParse(content);
  if (!result.success) throw new AwsError('InvalidRequest', z.prettifyError(result.error));
  return result.data;
};
