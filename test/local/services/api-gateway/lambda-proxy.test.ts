import { AwsError } from '../../../../local/errors.ts';
import { GatewayUnderTest } from './gateway-under-test.ts';

test('a function gets the request in the shape that AWS gives it', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('POST /v1/jobs/{id}');

  const reply = await gateway.call('/v1/jobs/a%2Bb/?price=10&price=20&note=a+b%2Bc', {
    method: 'POST',
    headers: { 'tEsT-HEADeR': 'aValUE', 'X-Many': ['1', '2'], 'user-agent': 'tester' },
    body: '{"message":"hello"}',
  });

  expect(reply.status).toBe(200);
  const event = gateway.functions.event();
  expect(Object.keys(event).sort()).toEqual([
    'body',
    'headers',
    'httpMethod',
    'isBase64Encoded',
    'multiValueHeaders',
    'multiValueQueryStringParameters',
    'path',
    'pathParameters',
    'queryStringParameters',
    'requestContext',
    'resource',
    'stageVariables',
  ]);
  expect(event).toMatchObject({
    resource: '/v1/jobs/{id}',
    path: '/v1/jobs/a%2Bb/',
    httpMethod: 'POST',
    headers: {
      'tEsT-HEADeR': 'aValUE',
      'X-Many': '2',
      'User-Agent': 'tester',
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Proto': 'http',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    },
    multiValueHeaders: { 'X-Many': ['1', '2'] },
    queryStringParameters: { price: '20', note: 'a b+c' },
    multiValueQueryStringParameters: { price: ['10', '20'], note: ['a b+c'] },
    pathParameters: { id: 'a%2Bb' },
    stageVariables: null,
    body: '{"message":"hello"}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      deploymentId: 'deploy',
      domainName: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      httpMethod: 'POST',
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester', userArn: null },
      path: '/_aws/execute-api/api/live/v1/jobs/a%2Bb/',
      protocol: 'HTTP/1.1',
      requestTime: '01/Jan/2026:00:00:00 +0000',
      requestTimeEpoch: Date.UTC(2026, 0, 1),
      resourcePath: '/v1/jobs/{id}',
      stage: 'live',
    },
  });
  expect(event.headers).not.toHaveProperty('Connection');
});

test('what a request does not have is null in the event', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /hardcoded');

  await gateway.call('//hardcoded');

  expect(gateway.functions.event()).toMatchObject({
    path: '/hardcoded',
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    body: null,
    requestContext: { path: '/_aws/execute-api/api/live//hardcoded' },
  });
});

test('the function is called on behalf of the method, so that its permission can name it', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('ANY /v1/{proxy+}');

  await gateway.call('/v1/a//b', { method: 'PUT' });

  expect(gateway.functions.event()).toMatchObject({ pathParameters: { proxy: 'a//b' } });
  expect(gateway.functions.invoked[0]).toMatchObject({
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    caller: {
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api/live/PUT/v1/*',
    },
  });
});

test('the answer of the function is the answer of the API', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');
  gateway.functions.respond = () => ({
    payload: JSON.stringify({
      statusCode: '202',
      headers: { 'test-multi': 'value-solo', ok: true, server: 'mine' },
      multiValueHeaders: { 'tesT-Multi': ['value-multi'] },
      body: 'dGVzdA==',
      isBase64Encoded: true,
    }),
  });

  const reply = await gateway.call('/x', {
    headers: { 'X-Amzn-Trace-Id': 'Root=1-00000000-000000000000000000000001' },
  });

  expect(reply).toMatchObject({ status: 202, text: 'dGVzdA==' });
  expect(reply.headers).toMatchObject({
    'test-multi': 'value-multi, value-solo',
    ok: 'true',
    'x-amzn-remapped-server': 'mine',
    'content-type': 'application/json',
    'x-amzn-trace-id': expect.stringMatching(
      /^Root=1-00000000-000000000000000000000001;Parent=[0-9a-f]{16};Sampled=0$/,
    ),
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-amz-apigw-id': expect.any(String),
  });
  expect(reply.rawHeaders).toContain('tesT-Multi');
});

test('binary bodies go both ways where the API declares their media type', async () => {
  await using gateway = new GatewayUnderTest({ binaryMediaTypes: ['image/png'] });
  gateway.method('POST /x');
  const image = Buffer.from([0x89, 0x50, 0, 0xff]);
  gateway.functions.respond = () => ({
    payload: JSON.stringify({ body: image.toString('base64'), isBase64Encoded: true }),
  });

  const headers = { 'content-type': 'image/png', accept: 'image/png, */*' };
  const reply = await gateway.call('/x', { method: 'POST', headers, body: image });

  expect(gateway.functions.event()).toMatchObject({ body: image.toString('base64'), isBase64Encoded: true });
  expect(reply.body).toEqual(image);
});

describe.each([
  ['null', { payload: 'null' }],
  ['a text', { payload: '"justAString"' }],
  ['a name that it may not have', { payload: '{"statusCode":200,"wrongValue":"value"}' }],
  ['a status that is none', { payload: '{"statusCode":"test"}' }],
  ['one value where a list belongs', { payload: '{"multiValueHeaders":{"a":"b"}}' }],
  ['a header field that is none', { payload: '{"headers":{"a":"b\\r\\nc: d"}}' }],
  ['an interim status', { payload: '{"statusCode":101}' }],
  ['an object as body', { payload: '{"body":{}}' }],
  ['an error', { payload: '{"errorMessage":"x"}', functionError: 'Unhandled' as const }],
])('a function that answers with %s', (_, answer) => {
  test('makes the API answer 502 Internal server error', async () => {
    await using gateway = new GatewayUnderTest();
    gateway.method('GET /x');
    gateway.functions.respond = () => answer;

    const reply = await gateway.call('/x');

    expect(reply).toMatchObject({ status: 502, text: '{"message":"Internal server error"}' });
    expect(reply.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
  });
});

test('a function that does not answer within 29 s makes the API answer 504', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');
  const asked = Promise.withResolvers<void>();
  gateway.functions.respond = () => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const reply = gateway.call('/x');
  await asked.promise;

  gateway.clock.advance(29_000);

  expect(await reply).toMatchObject({ status: 504, text: '{"message":"Endpoint request timed out"}' });
});

test.each([
  ['AccessDeniedException', 403, 500],
  ['TooManyRequestsException', 429, 500],
  ['RequestTooLargeException', 413, 413],
  ['ServiceException', 500, 502],
])('when Lambda refuses with %s (%i) the API answers %i', async (code, status, expected) => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');
  gateway.functions.respond = () => {
    throw new AwsError(code, 'no', status);
  };

  const reply = await gateway.call('/x');

  expect(reply.status).toBe(expected);
});

test.each([
  ['an unknown resource', 'GET', '/nothing'],
  ['an unknown method', 'PUT', '/x'],
])('%s is answered by 403 Missing Authentication Token', async (_, method, path) => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');

  const reply = await gateway.call(path, { method });

  expect(reply).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
  expect(reply.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
});

test('an unknown stage is answered by 403 Forbidden', async () => {
  await using gateway = new GatewayUnderTest();

  const reply = await gateway.call('/_aws/execute-api/api/nowhere/x');

  expect(reply).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
});

test('a body of more than 10 MB is refused with 413', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('POST /x');

  const reply = await gateway.call('/x', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });

  expect(reply).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
  expect(gateway.functions.invoked).toHaveLength(0);
});

test('every request is counted by API, and by API and stage', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');

  await gateway.call('/y');

  expect(gateway.data).toContainEqual({ name: 'Count', dimensions: { ApiName: 'Images' }, value: 1 });
  expect(gateway.data).toContainEqual({
    name: '4XXError',
    dimensions: { ApiName: 'Images', Stage: 'live' },
    value: 1,
  });
  expect(gateway.data).toContainEqual({ name: '5XXError', dimensions: { ApiName: 'Images' }, value: 0 });
});
