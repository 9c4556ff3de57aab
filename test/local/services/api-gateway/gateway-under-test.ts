import { mkdtempSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import type { Iam } from '../../../../local/iam.ts';
import type { Caller, Functions, Invocation } from '../../../../local/ports.ts';
import type { Authorizer, Integration, Method, Stage } from '../../../../local/services/api-gateway/model.ts';
import { ApiGateway } from '../../../../local/services/api-gateway/service.ts';
import { Store } from '../../../../local/store.ts';
import { Trace } from '../../../../local/trace.ts';

export interface Invoked {
  readonly functionArn: string;
  readonly payload: string;
  readonly caller: Caller;
}

/** Answers every invocation by `respond`, and keeps what it was asked. */
export class FakeFunctions implements Functions {
  readonly invoked: Invoked[] = [];
  respond: (
    event: string,
    onChunk?: (chunk: Uint8Array) => void,
  ) => Promise<Partial<Invocation>> | Partial<Invocation> = () => ({
    payload: '{"statusCode":200,"body":"ok"}',
  });

  async invoke(
    functionArn: string,
    payload: string,
    caller: Caller,
    { onChunk }: Parameters<Functions['invoke']>[3] = {},
  ): Promise<Invocation> {
    this.invoked.push({ functionArn, payload, caller });
    const base = { statusCode: 200, payload: 'null', logTail: '', requestId: 'r' };
    return { ...base, ...(await this.respond(payload, onChunk)) };
  }

  async invokeAsync(functionArn: string, payload: string, caller: Caller): Promise<void> {
    this.invoked.push({ functionArn, payload, caller });
  }

  /** The event of the latest invocation. */
  event(): Record<string, unknown> {
    const event: unknown = JSON.parse(this.invoked.at(-1)?.payload ?? 'null');
    if (typeof event !== 'object' || event === null) throw new Error('The function was not invoked');
    return { ...event };
  }
}

export interface Datum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

const iam: Iam = {
  authorize: () => undefined,
  callerOf: () => ({ kind: 'account' }),
  credentialsFor: (roleArn) => ({
    accessKeyId: `key of ${roleArn}`,
    secretAccessKey: 's',
    sessionToken: 't',
  }),
  putRole: () => undefined,
  attachPolicy: () => undefined,
  putResourcePolicy: () => undefined,
  unusedGrants: () => [],
};

export const functionUri = (name = 'worker'): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

export const integration = (overrides: Partial<Integration> = {}): Integration => ({
  type: 'AWS_PROXY',
  httpMethod: 'POST',
  uri: functionUri(),
  passthrough: 'WHEN_NO_MATCH',
  requestParameters: {},
  requestTemplates: {},
  timeoutMs: 29_000,
  responses: [],
  ...overrides,
});

export const foundation = (
  clock: VirtualClock,
  { endpoint = 'http://127.0.0.1:4566', data = [] }: { endpoint?: string; data?: Datum[] } = {},
): Foundation => ({
  clock,
  store: new Store(':memory:'),
  trace: new Trace(),
  iam,
  metrics: {
    record: (_namespace, name, dimensions, value) => data.push({ name, dimensions, value }),
  },
  account: '000000000000',
  region: 'us-east-1',
  endpoint,
  dataDir: mkdtempSync(join(tmpdir(), 'api-gateway-')),
});

/** A REST API `api` with the stage `live` behind a real HTTP server, in front of fake functions. */
export class GatewayUnderTest implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly functions = new FakeFunctions();
  readonly data: Datum[] = [];
  readonly foundation: Foundation;
  readonly service: ApiGateway;
  readonly #server = createServer((request, response) => void this.service.handle(request, response));
  #port = 0;

  constructor(options: { endpoint?: string; binaryMediaTypes?: string[]; stage?: Partial<Stage> } = {}) {
    const { endpoint, binaryMediaTypes = [], stage } = options;
    this.foundation = foundation(this.clock, { data: this.data, ...(endpoint && { endpoint }) });
    this.service = new ApiGateway(this.foundation, { functions: this.functions });
    const { definitions } = this.service;
    definitions.putApi({
      id: 'api',
      name: 'Images',
      rootResourceId: 'root',
      binaryMediaTypes,
      apiKeySource: 'HEADER',
    });
    this.stage(stage);
  }

  get api() {
    return this.service.definitions.api('api');
  }

  stage(overrides: Partial<Stage> = {}): void {
    this.api.stages.set('live', {
      name: 'live',
      deploymentId: 'deploy',
      variables: {},
      throttles: {},
      ...overrides,
    });
  }

  /** Defines `METHOD /path`, with all the resources on its way. */
  method(key: string, overrides: Partial<Method> = {}): this {
    const [httpMethod = '', path = ''] = key.split(' ');
    let parentId = 'root';
    for (const pathPart of path.split('/').filter((part) => part !== '')) {
      const id = `${parentId}/${pathPart}`;
      this.api.putResource({ id, parentId, pathPart });
      parentId = id;
    }
    this.api.putMethod({
      resourceId: parentId,
      httpMethod,
      authorization: 'NONE',
      apiKeyRequired: false,
      requestParameters: {},
      requestModels: {},
      integration: integration(),
      responses: [200],
      ...overrides,
    });
    return this;
  }

  authorizer(overrides: Partial<Authorizer> = {}): void {
    this.api.authorizers.set('auth', {
      id: 'auth',
      name: 'auth',
      type: 'TOKEN',
      uri: functionUri('authorizer'),
      identitySources: ['method.request.header.Authorization'],
      cacheSeconds: 300,
      ...overrides,
    });
  }

  async call(path: string, { method = 'GET', headers = {}, body }: Request = {}): Promise<Reply> {
    if (this.#port === 0) this.#port = await this.#listen();
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const url = path.startsWith('/_aws') ? path : `/_aws/execute-api/api/live${path}`;
    const options = {
      port: this.#port,
      host: '127.0.0.1',
      path: url,
      method,
      headers,
      agent: false as const,
    };
    const request = httpRequest(options, async (response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
      } catch (error) {
        // The answer has broken off.
        reject(error);
      }
      const all = Buffer.concat(chunks);
      const { statusCode: status = 0, headers, rawHeaders } = response;
      resolve({ status, headers, rawHeaders, body: all, text: all.toString() });
    });
    request.on('error', reject);
    request.end(body);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.service.close();
    this.foundation.store.close();
  }

  async #listen(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }
}
