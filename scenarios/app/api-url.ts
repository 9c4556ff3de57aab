import type { Target } from './target.ts';

const AWS_API =
  /^(?<protocol>https|wss):\/\/(?<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.(?:amazonaws\.com|localhost)[^/]*\/(?<stage>[^/]+)/;

/**
 * Where a deployed REST or WebSocket API is reached. An endpoint that imitates AWS often gives the address that the API
 * would have on AWS; it serves it under `/_aws/execute-api/{apiId}/{stage}` (LocalStack docs, "API Gateway").
 */
export const reachable = (apiUrl: string, { endpoint }: Pick<Target, 'endpoint'>): string => {
  const found = endpoint === undefined ? undefined : AWS_API.exec(apiUrl)?.groups;
  if (!found) return apiUrl;
  const path = `${endpoint}/_aws/execute-api/${found.api}/${found.stage}`;
  return found.protocol === 'wss' ? path.replace(/^http/, 'ws') : `${path}/`;
};
