import type { Exchange } from './exchange.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `23/Nov/2026:11:15:23 +0000` */
export const commonLogTime = (at: number): string => {
  const date = new Date(at);
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day}:${time} +0000`;
};

export interface RequestContext {
  readonly [name: string]: unknown;
  readonly identity: Readonly<Record<string, string | null>>;
}

/** `requestContext` of a Lambda proxy event; also what `$context` is made of. */
export const requestContext = (exchange: Exchange): RequestContext => {
  const { definition, stage, request, route, authorizer } = exchange;
  return {
    accountId: exchange.account,
    apiId: definition.api.id,
    ...(authorizer && { authorizer }),
    deploymentId: stage.deploymentId,
    domainName: request.headers.get('host') ?? '127.0.0.1',
    domainPrefix: definition.api.id,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    identity: identity(exchange),
    // Links that are built from it resolve for the client, as those behind a custom domain's base path do.
    path: request.fullPath,
    protocol: request.protocol,
    requestId: exchange.requestId,
    requestTime: commonLogTime(exchange.startedAt),
    requestTimeEpoch: exchange.startedAt,
    ...(route && { resourceId: route.resourceId, resourcePath: route.resourcePath }),
    stage: stage.name,
  };
};

const identity = ({ request, apiKey }: Exchange): RequestContext['identity'] => ({
  accessKey: null,
  accountId: null,
  ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: request.sourceIp,
  user: null,
  userAgent: request.headers.get('user-agent') ?? null,
  userArn: null,
});
