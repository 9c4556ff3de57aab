import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import { type Call, readBody } from '../service.ts';
import { type Connection, MESSAGE_LIMIT } from './connection.ts';

const path = /^\/_aws\/execute-api\/([^/]+)\/([^/]+)\/(?:@|%40)connections\/([^/?]+)\/?(?:\?.*)?$/i;

const gone = () => new AwsError('GoneException', 'Gone', 410);

/**
 * The `@connections` API. Source: "Use @connections commands in your backend service" of the API Gateway Developer
 * Guide, and the API Gateway Management API reference.
 */
export const manage = async (
  foundation: Foundation,
  find: (id: string) => Connection | undefined,
  { request, response, call }: { request: IncomingMessage; response: ServerResponse; call: Call },
): Promise<void> => {
  try {
    const [, apiId = '', stage = '', encoded = ''] = path.exec(request.url ?? '') ?? [];
    const id = decodeURIComponent(encoded);
    const { region, account } = foundation;
    const { method = 'GET' } = request;
    call.authorize(
      'execute-api:ManageConnections',
      `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${method}/@connections/${id}`,
    );
    const message = method === 'POST' ? await messageOf(request) : '';
    const connection = find(id);
    if (!connection || connection.api.id !== apiId || connection.stage.name !== stage) throw gone();
    await act(connection, method, message, response);
    if (method === 'POST') told(foundation, connection, message);
  } catch (error) {
    refuse(request, response, error);
  }
};

/** A message has gone to a client: it is traced, and AWS would bill it. */
export const told = ({ trace, clock }: Foundation, { api, stage, id }: Connection, message: string): void =>
  trace.record({
    ...{ at: clock.now(), service: 'websocket', action: 'PostToConnection' },
    resource: `${api.name}/${stage.name}`,
    ids: { connectionId: id, bytes: Buffer.byteLength(message) },
  });

const messageOf = async (request: IncomingMessage): Promise<string> => {
  try {
    return (await readBody(request, MESSAGE_LIMIT)).toString();
  } catch (error) {
    if (error instanceof AwsError && error.status === 413)
      throw new AwsError('PayloadTooLargeException', 'Message is too long', 413);
    throw error;
  }
};

const act = async (connection: Connection, method: string, message: string, response: ServerResponse) => {
  switch (method) {
    case 'POST':
      if (!(await connection.send(message))) throw gone();
      response.writeHead(200).end();
      return;
    case 'DELETE':
      connection.disconnect();
      response.writeHead(204).end();
      return;
    case 'GET':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(description(connection)));
      return;
    default:
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
};

const description = ({ connectedAt, lastActiveAt, sourceIp, userAgent }: Connection) => ({
  connectedAt: new Date(connectedAt).toISOString(),
  identity: { sourceIp, userAgent: userAgent ?? '' },
  lastActiveAt: new Date(lastActiveAt).toISOString(),
});

const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  if (!(error instanceof AwsError)) throw error;
  request.resume();
  const denied = error.status === 403;
  response
    .writeHead(error.status, {
      'content-type': 'application/json',
      'x-amzn-errortype': denied ? 'ForbiddenException' : error.code,
    })
    .end(JSON.stringify({ message: error.message }));
};
