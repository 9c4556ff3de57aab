import type { IncomingMessage } from 'node:http';

const local = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)$/i;
const aws = /^([a-z0-9-]+\.)+amazonaws\.com$/i;

const hostOf = (request: IncomingMessage): string | undefined => {
  const authority = request.headers[':authority'];
  const host = typeof authority === 'string' ? authority : request.headers.host;
  return host?.replace(/:\d+$/, '');
};

/**
 * Whether a request names this machine or an AWS host. A web page that has rebound its own name to 127.0.0.1
 * ("DNS rebinding") still sends that name, and gets nothing.
 */
export const isKnownHost = (request: IncomingMessage): boolean => {
  const host = hostOf(request);
  return host === undefined || local.test(host) || aws.test(host);
};
