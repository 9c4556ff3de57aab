import type { IncomingMessage } from 'node:http';
import type { CredentialScope } from './credential-scope.ts';

/** The destinations that have no signature scope of their own. */
export const ADMIN = '_local';
export const CONNECTIONS = '@connections';
export const EXECUTE_API = 'execute-api';

/** `/_aws/execute-api/{apiId}/{stage}/@connections/{connectionId}`: how a backend speaks to a WebSocket client. */
const connectionsPath = /^\/_aws\/execute-api\/[^/]+\/[^/]+\/(@|%40)connections\//i;

/** Clients that do not sign still name the service in `X-Amz-Target`. */
const targets: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Kinesis_20131202: 'kinesis',
};

/** The links that SNS sends to subscribers; they are followed by hand, without a signature. */
const subscriptionLinks = new Set(['ConfirmSubscription', 'Unsubscribe']);

/**
 * Which service a request is for: our own paths first, then what its signature says.
 * What is left, unsigned and under no path of ours, is S3: forms of browsers, public objects.
 */
export const serviceOf = (
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  scope: CredentialScope | undefined,
): string => {
  if (path === '/_local' || path.startsWith('/_local/')) return ADMIN;
  if (connectionsPath.test(path)) return CONNECTIONS;
  if (path.startsWith('/_aws/execute-api/')) return EXECUTE_API;
  if (scope) return scope.service;
  const target = request.headers['x-amz-target'];
  const byTarget = typeof target === 'string' ? targets[target.split('.')[0] ?? ''] : undefined;
  if (byTarget) return byTarget;
  return path === '/' && subscriptionLinks.has(query.get('Action') ?? '') ? 'sns' : 's3';
};
