import { request as httpRequest } from 'node:http';
import type {
  Integration,
  IntegrationResponse,
  Method,
} from '../../../../local/services/api-gateway/model.ts';
import type { Replay } from '../replay.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A reply with its header fields as they were spelled; several values of one name are joined. */
export interface SpelledReply {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A REST API that is defined in place, as a template would define it, and asked over HTTP. */
export class ApiSteps {
  readonly roleArn: string;
  readonly #replay: Replay;
  readonly #id: string;
  readonly #stage: string;

  constructor(replay: Replay, stage = 'testing') {
    this.#replay = replay;
    this.#stage = stage;
    this.#id = replay.name();
    const { cloud } = replay;
    this.roleArn = `arn:aws:iam::${cloud.account}:role/${this.#id}`;
    const Statement = [
      { Effect: 'Allow', Action: ['sqs:*', 'kinesis:*', 'lambda:*', 's3:*'], Resource: '*' },
    ];
    cloud.iam.putRole(this.roleArn, { all: { Version: '2012-10-17', Statement } });
    cloud.apiGateway.definitions.putApi({
      id: this.#id,
      name: this.#id,
      rootResourceId: 'root',
      binaryMediaTypes: [],
      apiKeySource: 'HEADER',
    });
    this.api.stages.set(stage, { name: stage, deploymentId: 'deployed', variables: {}, throttles: {} });
  }

  get id(): string {
    return this.#id;
  }

  /** The definition itself, for what `method` does not say: models, validators. */
  get api() {
    return this.#replay.cloud.apiGateway.definitions.api(this.#id);
  }

  /** The URI of an integration that calls this function. */
  functionUri(name: string): string {
    const { region, account } = this.#replay.cloud;
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  }

  /** Defines `METHOD /path`, with the resources that it needs. */
  method(
    key: string,
    integration: Partial<Integration>,
    responses: readonly Partial<IntegrationResponse>[],
    more: Partial<Method> = {},
  ): this {
    const [httpMethod = '', path = ''] = key.split(' ');
    this.api.putMethod({
      resourceId: this.#resource(path.split('/').filter((part) => part !== '')),
      httpMethod,
      authorization: 'NONE',
      apiKeyRequired: false,
      requestParameters: {},
      requestModels: {},
      integration: {
        type: 'AWS',
        httpMethod: 'POST',
        passthrough: 'WHEN_NO_MATCH',
        requestParameters: {},
        requestTemplates: {},
        timeoutMs: 29_000,
        responses: responses.map((response) => ({
          statusCode: 200,
          parameters: {},
          templates: {},
          ...response,
        })),
        ...integration,
      },
      responses: [200, ...responses.map(({ statusCode = 200 }) => statusCode)],
      ...more,
    });
    return this;
  }

  async call(path: string, init: RequestInit = {}): Promise<Reply> {
    const response = await fetch(this.#replay.endpoint + this.#base + path, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends header fields and path exactly as they are spelled, also those that `fetch` keeps for itself. */
  send(path: string, { method = 'GET', headers = {}, body = '' }: Sent = {}): Promise<SpelledReply> {
    const { hostname, port } = new URL(this.#replay.endpoint);
    const { promise, resolve, reject } = Promise.withResolvers<SpelledReply>();
    const request = httpRequest(
      { hostname, port, method, path: this.#base + path, headers },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, fields: spelled(response.rawHeaders), text });
      },
    );
    request.on('error', reject);
    request.end(body);
    return promise;
  }

  /** The same text with paths as they are on AWS, where each API has a host of its own. */
  asOnItsOwnHost(text: string): string {
    return text.replaceAll(`/_aws/execute-api/${this.#id}/`, '/');
  }

  get #base(): string {
    return `/_aws/execute-api/${this.#id}/${this.#stage}`;
  }

  #resource(parts: readonly string[]): string {
    const pathPart = parts.at(-1);
    if (pathPart === undefined) return 'root';
    const parentId = this.#resource(parts.slice(0, -1));
    const id = parts.join('.');
    this.api.putResource({ id, parentId, pathPart });
    return id;
  }
}

/** Fields of the connection are not the API's. */
const ofTheConnection = new Set(['keep-alive', 'transfer-encoding']);

const spelled = (raw: readonly string[]): Record<string, string> => {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (ofTheConnection.has(name.toLowerCase())) continue;
    fields[name] = name in fields ? `${fields[name]}, ${value}` : value;
  }
  return fields;
};
