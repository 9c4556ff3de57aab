import { readFile } from 'node:fs/promises';
import { accessLogFile } from '../../../../local/services/api-gateway/access-log.ts';
import { GatewayUnderTest } from './gateway-under-test.ts';

const throttle = { rate: 1, burst: 2 };

describe('request validation', () => {
  const validated = () => {
    const gateway = new GatewayUnderTest();
    gateway.api.validators.set('v', { id: 'v', body: true, parameters: true });
    gateway.api.models.set('Sum', {
      name: 'Sum',
      schema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
    });
    gateway.api.models.set('Sums', {
      name: 'Sums',
      schema: { type: 'array', items: { $ref: 'https://apigateway.amazonaws.com/restapis/api/models/Sum' } },
    });
    return gateway
      .method('POST /x', { validatorId: 'v', requestModels: { 'application/json': 'Sum' } })
      .method('POST /list', { validatorId: 'v', requestModels: { 'application/json': 'Sums' } })
      .method('POST /p', {
        validatorId: 'v',
        requestParameters: {
          'method.request.querystring.qs1': true,
          'method.request.path.issuer': true,
          'method.request.header.x-header-param': true,
          'method.request.querystring.optional': false,
        },
      });
  };

  test('names the required parameters that are missing', async () => {
    await using gateway = validated();

    const reply = await gateway.call('/p', { method: 'POST' });

    expect(reply).toMatchObject({
      status: 400,
      text: '{"message":"Missing required request parameters: [x-header-param, issuer, qs1]"}',
    });
  });

  test.each([
    ['a body that does not fit', '/x', '{"a":"1"}', 400],
    ['no body', '/x', '', 400],
    ['a body that is no JSON', '/x', '{', 400],
    ['a body that fits', '/x', '{"a":1}', 200],
    ['a list whose item does not fit a referenced model', '/list', '[{"a":1},{}]', 400],
    ['a list whose items fit', '/list', '[{"a":1}]', 200],
  ])('answers %s', async (_, path, body, status) => {
    await using gateway = validated();

    const reply = await gateway.call(path, { method: 'POST', body });

    expect(reply.status).toBe(status);
    expect(gateway.functions.invoked).toHaveLength(status === 200 ? 1 : 0);
    if (status === 400) expect(reply.text).toBe('{"message":"Invalid request body"}');
  });

  test('tells what is wrong where the gateway response asks for it, without breaking its JSON', async () => {
    await using gateway = validated();
    gateway.api.gatewayResponses.set('BAD_REQUEST_BODY', {
      type: 'BAD_REQUEST_BODY',
      statusCode: 422,
      parameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      },
      templates: {
        'application/json':
          '{"title":$context.error.messageString,"detail":"$context.error.validationErrorString","instance":"$context.path"}',
      },
    });

    const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

    expect(reply.status).toBe(422);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': 'application/problem+json',
    });
    expect(JSON.parse(reply.text)).toEqual({
      title: 'Invalid request body',
      detail: '[object has missing required properties (["a"])]',
      instance: '/_aws/execute-api/api/live/x',
    });
  });
});

test('DEFAULT_4XX stands for all that have no response of their own, and keeps their status', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.api.gatewayResponses.set('DEFAULT_4XX', {
    type: 'DEFAULT_4XX',
    parameters: {},
    templates: { 'application/json': '{"type":"$context.error.responseType"}' },
  });

  const reply = await gateway.call('/nothing');

  expect(reply).toMatchObject({ status: 403, text: '{"type":"MISSING_AUTHENTICATION_TOKEN"}' });
});

describe('API keys and usage plans', () => {
  const withKey = (plan: object = {}) => {
    const gateway = new GatewayUnderTest();
    const { definitions } = gateway.service;
    definitions.apiKeys.set('k', { id: 'k', value: 'secret', enabled: true });
    definitions.apiKeys.set('off', { id: 'off', value: 'disabled', enabled: false });
    definitions.usagePlans.set('p', {
      id: 'p',
      stages: [{ apiId: 'api', stage: 'live', throttles: {} }],
      ...plan,
    });
    definitions.putPlanKey('p', 'k');
    definitions.putPlanKey('p', 'off');
    return gateway.method('GET /x', { apiKeyRequired: true });
  };
  const headers = { 'x-api-key': 'secret' };

  test.each([
    ['no key', {}, 403],
    ['an unknown key', { 'x-api-key': 'other' }, 403],
    ['a disabled key', { 'x-api-key': 'disabled' }, 403],
    ['the key of a plan for the stage', headers, 200],
  ])('a request with %s', async (_, headers, status) => {
    await using gateway = withKey();

    const reply = await gateway.call('/x', { headers });

    expect(reply.status).toBe(status);
  });

  test('a client gets its burst, then its rate', async () => {
    await using gateway = withKey({ throttle });
    const statuses = async () => [
      (await gateway.call('/x', { headers })).status,
      (await gateway.call('/x', { headers })).status,
      (await gateway.call('/x', { headers })).status,
    ];

    const atFirst = await statuses();
    gateway.clock.advance(1_000);
    const later = await statuses();

    expect(atFirst).toEqual([200, 200, 429]);
    expect(later).toEqual([200, 429, 429]);
  });

  test('a quota is full again in the next period', async () => {
    await using gateway = withKey({ quota: { limit: 1, period: 'DAY', offset: 0 } });

    const first = await gateway.call('/x', { headers });
    const second = await gateway.call('/x', { headers });
    gateway.clock.advance(24 * 60 * 60 * 1000);
    const nextDay = await gateway.call('/x', { headers });

    expect([first.status, second.status, nextDay.status]).toEqual([200, 429, 200]);
    expect(second.text).toBe('{"message":"Limit Exceeded"}');
  });
});

test('a throttle of a method leaves the rest of the stage alone', async () => {
  await using gateway = new GatewayUnderTest({ stage: { throttles: { '/x GET': { rate: 1, burst: 1 } } } });
  gateway.method('GET /x').method('GET /y');

  const statuses = [await gateway.call('/x'), await gateway.call('/x'), await gateway.call('/y')];

  expect(statuses.map(({ status }) => status)).toEqual([200, 429, 200]);
  expect(statuses[1]?.text).toBe('{"message":"Too Many Requests"}');
});

test('the access log has one line per request, in the format of the stage', async () => {
  const format =
    '{"id":"$context.requestId","status":$context.status,"path":"$context.path","user":"$context.identity.user"}';
  const gateway = new GatewayUnderTest({ stage: { accessLogFormat: format } });
  gateway.method('GET /x');

  const reply = await gateway.call('/x');
  await gateway.call('/y');
  await gateway[Symbol.asyncDispose]();

  const log = await readFile(accessLogFile(gateway.foundation.dataDir, 'Images', 'live'), 'utf8');
  const lines = log
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toEqual([
    { id: reply.headers['x-amzn-requestid'], status: 200, path: '/_aws/execute-api/api/live/x', user: '-' },
    { id: expect.any(String), status: 403, path: '/_aws/execute-api/api/live/y', user: '-' },
  ]);
});
