import { GatewayUnderTest } from './gateway-under-test.ts';

const policy = (Effect: string, Resource = '*') => ({
  principalId: 'me',
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] },
  context: { plan: 'gold' },
});

const guarded = (answer: unknown, overrides = {}) => {
  const gateway = new GatewayUnderTest();
  gateway.authorizer(overrides);
  gateway.method('GET /x', { authorization: 'CUSTOM', authorizerId: 'auth' });
  gateway.functions.respond = () =>
    gateway.functions.invoked.at(-1)?.functionArn.endsWith('authorizer')
      ? { payload: JSON.stringify(answer) }
      : { payload: '{"statusCode":200}' };
  return gateway;
};
const headers = { authorization: 'Bearer t' };

test('what the authorizer says is part of the event', async () => {
  await using gateway = guarded(policy('Allow'));

  const reply = await gateway.call('/x', { headers });

  expect(reply.status).toBe(200);
  expect(JSON.parse(gateway.functions.invoked[0]?.payload ?? '')).toEqual({
    type: 'TOKEN',
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/live/GET/x',
    authorizationToken: 'Bearer t',
  });
  expect(gateway.functions.event()).toMatchObject({
    requestContext: { authorizer: { principalId: 'me', plan: 'gold' } },
  });
});

test('what the authorizer adds reaches what is behind the gateway as text', async () => {
  await using gateway = guarded({
    ...policy('Allow'),
    context: { tier: 3, paid: true, plan: 'gold', none: null },
  });

  await gateway.call('/x', { headers });

  expect(gateway.functions.event()).toMatchObject({
    requestContext: { authorizer: { tier: '3', paid: 'true', plan: 'gold', none: null } },
  });
});

test('a verdict is kept for its time, by token', async () => {
  await using gateway = guarded(policy('Allow'));
  const asked = () =>
    gateway.functions.invoked.filter(({ functionArn }) => functionArn.endsWith('authorizer')).length;

  await gateway.call('/x', { headers });
  gateway.clock.advance(299_999);
  await gateway.call('/x', { headers });
  const together = asked();
  await gateway.call('/x', { headers: { authorization: 'other' } });
  const withOther = asked();
  gateway.clock.advance(1);
  await gateway.call('/x', { headers });

  expect([together, withOther, asked()]).toEqual([1, 2, 3]);
});

test.each([
  ['nothing that identifies', {}, policy('Allow'), 401, '{"message":"Unauthorized"}'],
  [
    'a policy that denies',
    headers,
    policy('Deny'),
    403,
    '{"message":"User is not authorized to access this resource with an explicit deny"}',
  ],
  [
    'a policy for another method',
    headers,
    policy('Allow', 'arn:*:api/live/POST/x'),
    403,
    '{"message":"User is not authorized to access this resource"}',
  ],
  ['an answer without a policy', headers, { principalId: 'me' }, 500, '{"message":null}'],
])('%s keeps the function from being called', async (_, headers, answer, status, text) => {
  await using gateway = guarded(answer);

  const reply = await gateway.call('/x', { headers });

  expect(reply).toMatchObject({ status, text });
  expect(gateway.functions.invoked.some(({ functionArn }) => functionArn.endsWith('worker'))).toBe(false);
});

test('an authorizer that throws Unauthorized means 401', async () => {
  await using gateway = guarded(undefined);
  gateway.functions.respond = () => ({
    payload: '{"errorMessage":"Unauthorized"}',
    functionError: 'Unhandled',
  });

  const reply = await gateway.call('/x', { headers });

  expect(reply.status).toBe(401);
});

test('a REQUEST authorizer sees the whole request but its body', async () => {
  await using gateway = guarded(policy('Allow'), {
    type: 'REQUEST',
    identitySources: ['method.request.querystring.key'],
  });

  const reply = await gateway.call('/x?key=1');

  expect(reply.status).toBe(200);
  const event: unknown = JSON.parse(gateway.functions.invoked[0]?.payload ?? '');
  expect(event).toMatchObject({ type: 'REQUEST', resource: '/x', queryStringParameters: { key: '1' } });
  expect(event).not.toHaveProperty('body');
});
