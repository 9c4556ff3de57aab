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

const STAGE = 'testing';

/** A REST API that is defined in place, as a template would define it, and asked over HTTP. */
export class ApiSteps {
  readonly roleArn: string;
  readonly #replay: Replay;
  readonly #id: string;

  constructor(replay: Replay) {
    this.#replay = replay;
    this.#id = replay.name();
    const { cloud } = replay;
    this.roleArn = `arn:aws:iam::${cloud.account}:role/${this.#id}`;
    const Statement = [{ Effect: 'Allow', Action: ['sqs:*', 'kinesis:*', 'lambda:*'], Resource: '*' }];
    cloud.iam.putRole(this.roleArn, { all: { Version: '2012-10-17', Statement } });
    cloud.apiGateway.definitions.putApi({
      id: this.#id,
      name: this.#id,
      rootResourceId: 'root',
      binaryMediaTypes: [],
      apiKeySource: 'HEADER',
    });
    this.#api.stages.set(STAGE, { name: STAGE, deploymentId: 'deployed', variables: {}, throttles: {} });
  }

  get #api() {
    return this.#replay.cloud.apiGateway.definitions.api(this.#id);
  }

  /** Defines `METHOD /path`, with the resource that it needs. */
  method(
    key: string,
    integration: Partial<Integration>,
    responses: readonly Partial<IntegrationResponse>[],
    more: Partial<Method> = {},
  ): this {
    const [httpMethod = '', path = ''] = key.split(' ');
    const pathPart = path.slice(1);
    if (pathPart !== '') this.#api.putResource({ id: pathPart, parentId: 'root', pathPart });
    this.#api.putMethod({
      resourceId: pathPart === '' ? 'root' : pathPart,
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
      responses: [200],
      ...more,
    });
    return this;
  }

  async call(path: string, init: RequestInit = {}): Promise<Reply> {
    const url = `${this.#replay.endpoint}/_aws/execute-api/${this.#id}/${STAGE}${path}`;
    const response = await fetch(url, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}
