import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { SocketsUnderTest } from './sockets-under-test.ts';

const managed = async (sockets: SocketsUnderTest) => {
  sockets.route('$connect');
  const connect = sockets.invoked('$connect');
  const client = await sockets.connected();
  const { requestContext } = await connect;
  const management = new ApiGatewayManagementApiClient({
    endpoint: await sockets.endpoint(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const id: unknown =
    typeof requestContext === 'object' && requestContext !== null && 'connectionId' in requestContext
      ? requestContext.connectionId
      : undefined;
  return { client, management, ConnectionId: String(id) };
};

test('a back end speaks to a client through the SDK', async () => {
  await using sockets = new SocketsUnderTest();
  const { client, management, ConnectionId } = await managed(sockets);

  await management.send(new PostToConnectionCommand({ ConnectionId, Data: '{"seq":1}' }));

  expect(await client.next()).toBe('{"seq":1}');
});

test('a back end sees and ends a connection', async () => {
  await using sockets = new SocketsUnderTest();
  const { client, management, ConnectionId } = await managed(sockets);

  const seen = await management.send(new GetConnectionCommand({ ConnectionId }));
  await management.send(new DeleteConnectionCommand({ ConnectionId }));

  expect(seen).toMatchObject({
    ConnectedAt: new Date(Date.UTC(2026, 0, 1)),
    LastActiveAt: new Date(Date.UTC(2026, 0, 1)),
    Identity: { SourceIp: '127.0.0.1' },
  });
  expect(await client.closed).toMatchObject({ code: 1000 });
});

test('a client that is gone is a GoneException', async () => {
  await using sockets = new SocketsUnderTest();
  sockets.route('$disconnect');
  const disconnect = sockets.invoked('$disconnect');
  const { client, management, ConnectionId } = await managed(sockets);

  client.socket.close();
  await disconnect;

  await expect(
    management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })),
  ).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
});

test('a message of more than 128 KB is a PayloadTooLargeException', async () => {
  await using sockets = new SocketsUnderTest();
  const { management, ConnectionId } = await managed(sockets);

  const Data = 'x'.repeat(128 * 1024 + 1);

  await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data }))).rejects.toMatchObject({
    name: 'PayloadTooLargeException',
  });
});

test('without execute-api:ManageConnections nothing is sent', async () => {
  await using sockets = new SocketsUnderTest();
  const { management, ConnectionId } = await managed(sockets);
  sockets.denied = 'execute-api:ManageConnections';

  await expect(
    management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })),
  ).rejects.toMatchObject({
    name: 'ForbiddenException',
    message: expect.stringContaining('ManageConnections'),
  });
});
