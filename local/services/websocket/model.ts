import type { Throttle } from '../api-gateway/model.ts';

/** What a WebSocket API is made of, in the terms of the API Gateway V2 API reference. */
export interface SocketApi {
  readonly id: string;
  readonly name: string;
  /** `$request.body.action` */
  readonly routeSelectionExpression: string;
  readonly routes: Map<string, SocketRoute>;
  readonly stages: Map<string, SocketStage>;
  /** By id. */
  readonly integrations: Map<string, SocketIntegration>;
}

export interface SocketRoute {
  readonly id: string;
  /** `$connect`, `$disconnect`, `$default` or what the selection expression finds. */
  readonly key: string;
  readonly integrationId?: string;
  /** Whether the function's answer goes back to the client: the route has a route response. */
  responds: boolean;
}

export interface SocketIntegration {
  /** What the function's answer would be for `MOCK`: success, without a body. */
  readonly type: 'AWS_PROXY' | 'MOCK';
  readonly uri?: string;
  readonly credentials?: string;
  readonly timeoutMs: number;
}

export interface SocketStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly throttle?: Throttle;
}
