import { SocketsUnderTest } from './sockets-under-test.ts';

test('the function of $connect gets the handshake in the shape of AWS', async () => {
  await using sockets = new SocketsUnderTest();
  sockets.route('$connect');
  const connect = sockets.invoked('$connect');

  const client = await sockets.client('?token=t', { headers: { 'X-Mine': 'yes', 'user-agent': 'tester' } });
  const status = await client.opened();

  expect(status).toBe(101);
  const event = await connect;
  expect(event).toMatchObject({
    headers: { 'X-Mine': 'yes' },
    multiValueHeaders: { 'X-Mine': ['yes'] },
    queryStringParameters: { token: 't' },
    multiValueQueryStringParameters: { token: ['t'] },
    isBase64Encoded: false,
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      messageDirection: 'IN',
      stage: 'live',
      apiId: 'ws',
      connectedAt: Date.UTC(2026, 0, 1),
      requestTimeEpoch: Date.UTC(2026, 0, 1),
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester' },
      connectionId: expect.stringMatching(/^[\w-]{15}=$/),
      domainName: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    },
  });
  expect(event).not.toHaveProperty('body');
  expect(sockets.functions.invoked[0]?.caller).toEqual({
    kind: 'service',
    service: 'apigateway.amazonaws.com',
    sourceArn: 'arn:aws:execute-api:us-east-1:000000000000:ws/live/$connect',
  });
});

test.each([
  ['401', { payload: '{"statusCode":401}' }, 401],
  ['403', { payload: '{"statusCode":403}' }, 403],
  ['an error', { payload: '{}', functionError: 'Unhandled' }, 502],
])('a $connect that answers %s leaves the client without a connection', async (_, answer, expected) => {
  await using sockets = new SocketsUnderTest();
  sockets.route('$connect').route('$disconnect');
  sockets.functions.respond = () => answer;
  const client = await sockets.client();

  const status = await client.opened();

  expect(status).toBe(expected);
  expect(sockets.functions.invoked).toHaveLength(1);
});

test('an unknown stage is refused with 403', async () => {
  await using sockets = new SocketsUnderTest();
  const client = await sockets.client('/more');

  expect(await client.opened()).toBe(403);
});

test('the subprotocol that $connect names is the one of the connection', async () => {
  await using sockets = new SocketsUnderTest();
  sockets.route('$connect');
  sockets.functions.respond = () => ({
    payload: '{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"chat.v2"}}',
  });
  const client = await sockets.client('', {}, ['chat.v1', 'chat.v2']);

  await client.opened();

  expect(client.socket.protocol).toBe('chat.v2');
});

describe('a message', () => {
  test.each([
    ['{"action":"watch","jobId":"1"}', 'watch'],
    ['{"action":"unknown"}', '$default'],
    ['{"action":"$connect"}', '$default'],
    ['not JSON', '$default'],
  ])('%s goes to the route %s', async (body, route) => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$connect').route('$default').route('watch');
    const client = await sockets.connected();
    const invoked = sockets.invoked(route);

    client.socket.send(body);

    expect(await invoked).toMatchObject({
      body,
      isBase64Encoded: false,
      requestContext: { routeKey: route, eventType: 'MESSAGE', messageId: expect.any(String) },
    });
  });

  test('is answered by what the function returns only where the route has a response', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('ask', true).route('tell').route('$default', true);
    sockets.functions.respond = (payload) => ({
      payload: JSON.stringify({ body: `heard ${payload.includes('tell')}` }),
    });
    const client = await sockets.connected();

    client.socket.send('{"action":"tell"}');
    client.socket.send('{"action":"ask"}');

    expect(await client.next()).toBe('heard false');
  });

  test('that no route takes, and one whose function fails, are told to the client', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('fail');
    sockets.functions.respond = () => ({ payload: '{}', functionError: 'Unhandled' });
    const client = await sockets.connected();

    client.socket.send('{"action":"other"}');
    const forbidden: unknown = JSON.parse(await client.next());
    client.socket.send('{"action":"fail"}');
    const failed: unknown = JSON.parse(await client.next());

    const ids = { connectionId: expect.any(String), requestId: expect.any(String) };
    expect(forbidden).toEqual({ message: 'Forbidden', ...ids });
    expect(failed).toEqual({ message: 'Internal server error', ...ids });
  });

  test('beyond the throttle of the stage is refused', async () => {
    await using sockets = new SocketsUnderTest({ stage: { throttle: { rate: 1, burst: 1 } } });
    sockets.route('$default', true);
    sockets.functions.respond = () => ({ payload: '{"body":"ok"}' });
    const client = await sockets.connected();

    client.socket.send('1');
    const first = await client.next();
    client.socket.send('2');
    const second = await client.next();

    expect(first).toBe('ok');
    expect(second).toContain('"message":"Too Many Requests"');
  });
});

describe('limits', () => {
  test.each([
    [
      'a frame of more than 32 KB',
      (send: (data: string, fin: boolean) => void) => send('x'.repeat(32 * 1024 + 1), true),
    ],
    [
      'a message of more than 128 KB in small frames',
      (send: (data: string, fin: boolean) => void) => {
        for (let index = 0; index < 5; index += 1) send('x'.repeat(32 * 1024), index === 4);
      },
    ],
  ])('%s ends the connection with 1009', async (_, act) => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$default');
    const client = await sockets.connected();

    act((data, fin) => client.socket.send(data, { fin }));

    expect(await client.closed).toMatchObject({ code: 1009 });
    expect(sockets.functions.invoked).toHaveLength(0);
  });

  test('a message of 128 KB in frames of 32 KB arrives', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$default');
    const client = await sockets.connected();
    const invoked = sockets.invoked('$default');

    for (let index = 0; index < 4; index += 1)
      client.socket.send('x'.repeat(32 * 1024), { fin: index === 3 });

    expect(await invoked).toMatchObject({ body: 'x'.repeat(128 * 1024) });
  });

  test('a binary message ends the connection with 1003', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$default');
    const client = await sockets.connected();

    client.socket.send(Buffer.from([1, 2]));

    expect(await client.closed).toMatchObject({ code: 1003 });
  });

  test('a connection ends after 10 minutes without a message, and its function hears why', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$disconnect').route('$default', true);
    sockets.functions.respond = () => ({ payload: '{"body":"ok"}' });
    const client = await sockets.connected();
    const disconnect = sockets.invoked('$disconnect');

    sockets.clock.advance(9 * 60_000);
    client.socket.send('still here');
    await client.next();
    sockets.clock.advance(9 * 60_000);
    const invokedBefore = sockets.functions.invoked.length;
    sockets.clock.advance(60_000);

    expect(invokedBefore).toBe(1);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect(await disconnect).toMatchObject({
      requestContext: {
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 1001,
        disconnectReason: 'Going away',
      },
    });
  });

  test('a connection ends after two hours, however busy', async () => {
    await using sockets = new SocketsUnderTest();
    sockets.route('$default', true);
    sockets.functions.respond = () => ({ payload: '{"body":"ok"}' });
    const client = await sockets.connected();

    for (let minutes = 0; minutes < 120; minutes += 8) {
      client.socket.send('busy');
      await client.next();
      sockets.clock.advance(8 * 60_000);
    }

    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});
