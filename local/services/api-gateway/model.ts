/** What a REST API is made of, in the terms of the API Gateway V1 API reference. Names without prefix: `Resource` there is `ApiResource` here. */

export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly rootResourceId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
}

export interface ApiResource {
  readonly id: string;
  readonly parentId: string;
  /** `jobs`, `{id}` or `{proxy+}`. */
  readonly pathPart: string;
}

export type Parameters = Readonly<Record<string, string>>;
/** By content type. */
export type Templates = Readonly<Record<string, string>>;
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT';

export interface IntegrationResponse {
  readonly statusCode: number;
  /** A regular expression on the whole status or error message; without one it is the default response. */
  readonly selectionPattern?: string;
  readonly parameters: Parameters;
  readonly templates: Templates;
  readonly contentHandling?: ContentHandling;
}

export interface Integration {
  readonly type: 'AWS_PROXY' | 'AWS' | 'MOCK';
  readonly httpMethod?: string;
  readonly uri?: string;
  /** The role that API Gateway takes on for the call; without one a function's own resource policy must let it in. */
  readonly credentials?: string;
  readonly passthrough: 'NEVER' | 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES';
  readonly requestParameters: Parameters;
  readonly requestTemplates: Templates;
  readonly contentHandling?: ContentHandling;
  /** @default 29,000 */
  readonly timeoutMs: number;
  /** Whether the response transfer mode is `STREAM`: `AWS_PROXY` only. */
  readonly streams?: boolean;
  readonly responses: readonly IntegrationResponse[];
}

export interface Method {
  readonly resourceId: string;
  /** `ANY` for all that have no method of their own. */
  readonly httpMethod: string;
  readonly authorization: 'NONE' | 'CUSTOM' | 'AWS_IAM';
  readonly authorizerId?: string;
  readonly apiKeyRequired: boolean;
  readonly validatorId?: string;
  /** Whether it is required, by `method.request.{querystring|path|header}.{name}`. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Model name by content type. */
  readonly requestModels: Parameters;
  readonly integration: Integration;
  /** The statuses that the method declares; an integration response may answer with none other. */
  readonly responses: readonly number[];
}

export interface RequestValidator {
  readonly id: string;
  readonly body: boolean;
  readonly parameters: boolean;
}

export interface Model {
  readonly name: string;
  /** JSON Schema draft-04. */
  readonly schema: unknown;
}

export interface GatewayResponse {
  readonly type: string;
  readonly statusCode?: number;
  readonly parameters: Parameters;
  readonly templates: Templates;
}

export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST';
  readonly uri: string;
  readonly credentials?: string;
  /** `method.request.header.Authorization`, `method.request.querystring.key`, `stageVariables.x`, `context.x`. */
  readonly identitySources: readonly string[];
  /** TOKEN: what the token must look like, else 401 without asking the function. */
  readonly validation?: string;
  /** 0 turns the cache off. */
  readonly cacheSeconds: number;
}

/** A token bucket's size and the tokens that it gets per second. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Parameters;
  /** By `path/METHOD` without the path's first slash, and `*` + `/` + `*` for the whole stage. */
  readonly throttles: Readonly<Record<string, Throttle>>;
  /** The format of the access log, with `$context` variables; without one nothing is logged. */
  readonly accessLogFormat?: string;
}

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

export interface UsagePlan {
  readonly id: string;
  readonly stages: readonly {
    readonly apiId: string;
    readonly stage: string;
    readonly throttles: Readonly<Record<string, Throttle>>;
  }[];
  readonly throttle?: Throttle;
  readonly quota?: {
    readonly limit: number;
    readonly period: 'DAY' | 'WEEK' | 'MONTH';
    readonly offset: number;
  };
}
