import { randomBytes, randomUUID } from 'node:crypto';
import { parseHeaders, parseQuery } from '../api-gateway/client-request.ts';
import { commonLogTime } from '../api-gateway/request-context.ts';
import type { Connection } from './connection.ts';

export interface SocketEvent {
  readonly requestContext: { readonly requestId: string; readonly [name: string]: unknown };
  readonly [name: string]: unknown;
}

/** Source: "Set up a WebSocket API integration request" and "Manage connected users and client apps" of the Developer Guide. */
const base = (
  connection: Connection,
  routeKey: string,
  now: number,
  more: Readonly<Record<string, unknown>>,
) => {
  const { api, stage, sourceIp, userAgent, handshake } = connection;
  const hasVariables = Object.keys(stage.variables).length > 0;
  return {
    ...(hasVariables && { stageVariables: stage.variables }),
    requestContext: {
      routeKey,
      ...more,
      extendedRequestId: `${randomBytes(11).toString('base64url')}=`,
      requestTime: commonLogTime(now),
      messageDirection: 'IN',
      stage: stage.name,
      connectedAt: connection.connectedAt,
      requestTimeEpoch: now,
      identity: { ...(userAgent !== undefined && { userAgent }), sourceIp },
      requestId: randomUUID(),
      domainName: handshake.headers.host ?? '127.0.0.1',
      connectionId: connection.id,
      apiId: api.id,
    },
    isBase64Encoded: false,
  };
};

export const connectEvent = (connection: Connection, now: number): SocketEvent => {
  const { handshake } = connection;
  const headers = parseHeaders(handshake);
  const query = parseQuery((handshake.url ?? '').split('?').slice(1).join('?'));
  const single = Object.fromEntries([...query].map(([name, values]) => [name, values.at(-1) ?? '']));
  return {
    headers: headers.single(),
    multiValueHeaders: headers.multi(),
    ...(query.size > 0 && {
      queryStringParameters: single,
      multiValueQueryStringParameters: Object.fromEntries(query),
    }),
    ...base(connection, '$connect', now, { eventType: 'CONNECT' }),
  };
};

export const messageEvent = (
  connection: Connection,
  routeKey: string,
  body: string,
  now: number,
): SocketEvent => ({
  ...base(connection, routeKey, now, {
    eventType: 'MESSAGE',
    messageId: `${randomBytes(11).toString('base64url')}=`,
  }),
  body,
});

export const disconnectEvent = (
  connection: Connection,
  { code, reason, now }: { readonly code: number; readonly reason: string; readonly now: number },
): SocketEvent => {
  const host = connection.handshake.headers.host ?? '';
  return {
    headers: { Host: host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
    multiValueHeaders: { Host: [host], 'x-api-key': [''], 'X-Forwarded-For': [''], 'x-restapi': [''] },
    ...base(connection, '$disconnect', now, {
      eventType: 'DISCONNECT',
      disconnectStatusCode: code,
      disconnectReason: reason || (code === 1005 ? 'Client-side close frame status not set' : ''),
    }),
  };
};
