import { PurgeQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { openRestApi, type RestApi } from './rest-api-target.ts';

const LONGEST_MS = 60_000;

let api: RestApi;

const ask = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(api.ApiUrl.replace(/\/$/, '') + path, init);
  const text = await response.text();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
};

const posted = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', 'x-tenant': 'a', ...headers },
});

const refusal = (status: number, message: string) => ({
  status,
  headers: { 'access-control-allow-origin': '*' },
  body: { message },
});

const check = (source: string, statement: string, run: () => Promise<void>): void => {
  test(`${statement} (${source})`, run, LONGEST_MS);
};

const checks = (): void => {
  beforeAll(async () => {
    api = await openRestApi();
  }, LONGEST_MS);

  afterAll(() => api.close());

  check(
    'API Gateway guide, "Lambda proxy integrations in API Gateway"',
    'a function sees the request as it came, and its answer is the client’s',
    async () => {
      const reply = await ask('/echo/a/b?one=1&two=2&two=3', posted('{"x":1}', { 'x-own': 'kept' }));

      expect(reply).toMatchObject({
        status: 201,
        headers: { 'x-single': 'one', 'x-several': 'a, b' },
        body: {
          resource: '/echo/{proxy+}',
          path: '/echo/a/b',
          httpMethod: 'POST',
          headers: { 'x-own': 'kept' },
          queryStringParameters: { one: '1', two: '3' },
          multiValueQueryStringParameters: { one: ['1'], two: ['2', '3'] },
          pathParameters: { proxy: 'a/b' },
          stageVariables: null,
          body: '{"x":1}',
          isBase64Encoded: false,
          requestContext: { stage: 'live', resourcePath: '/echo/{proxy+}', httpMethod: 'POST' },
        },
      });
    },
  );

  check('recorded on AWS, 15-11-2024', 'an answer in another shape than the proxy’s is a 502', async () => {
    const reply = await ask('/echo/a?fail=1');

    expect(reply).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
  });

  check('recorded on AWS, 23-07-2024', 'what has no route or method is a 403', async () => {
    const replies = [await ask('/nothing'), await ask('/mock', { method: 'POST' })];

    for (const reply of replies) expect(reply).toMatchObject(refusal(403, 'Missing Authentication Token'));
  });

  check(
    'API Gateway guide, "Mapping template transformations for REST APIs in API Gateway"',
    'a mock answers what its template makes of the request, and nothing gets out of its text',
    async () => {
      const reply = await ask(`/mock?q=${encodeURIComponent('","path":"x')}`);

      expect(reply).toMatchObject({ status: 200, body: { q: '","path":"x', path: '/mock' } });
    },
  );

  check(
    'API Gateway guide, "Request validation for REST APIs in API Gateway"',
    'a body against its model is refused, a missing header field, too',
    async () => {
      const wrongBody = await ask('/messages', posted('{"text":1}'));
      const noTenant = await ask('/messages', {
        method: 'POST',
        body: '{"text":"a"}',
        headers: { 'content-type': 'application/json' },
      });

      expect(wrongBody).toMatchObject(refusal(400, 'Invalid request body'));
      expect(noTenant).toMatchObject(refusal(400, 'Missing required request parameters: [x-tenant]'));
    },
  );

  check(
    'API Gateway API, "Integration", passthroughBehavior',
    'NEVER refuses a content type without a template',
    async () => {
      const reply = await ask('/messages', posted('<a/>', { 'content-type': 'application/xml' }));

      expect(reply).toMatchObject(refusal(415, 'Unsupported Media Type'));
    },
  );

  check(
    'API Gateway guide, "Integration types for REST APIs", AWS',
    'a queue behind a route gets the body as its message, whatever stands in it',
    async () => {
      const { QueueUrl, sqs } = api;
      await sqs.send(new PurgeQueueCommand({ QueueUrl })).catch(() => undefined);
      const body = JSON.stringify({ text: 'a&DelaySeconds=900&MessageBody=b+%20 ü' });

      const reply = await ask('/messages', posted(body));
      const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 });
      const { Messages = [] } = await sqs.send(receive);

      expect(reply).toMatchObject({ status: 202, body: { taken: true } });
      expect(Messages.map(({ Body }) => Body)).toEqual([body]);
    },
  );

  check(
    'API Gateway guide, "Usage plans and API keys for REST APIs in API Gateway"',
    'a route that wants a key answers nobody without one of its plan',
    async () => {
      const headers = { 'x-api-key': api.ApiKey };
      const replies = [await ask('/secret'), await ask('/secret', { headers: { 'x-api-key': 'wrong' } })];
      const known = await ask('/secret', { headers });

      for (const reply of replies) expect(reply).toMatchObject(refusal(403, 'Forbidden'));
      expect(known).toMatchObject({ status: 200, body: { known: true } });
    },
  );

  check(
    'recorded on AWS, 07-08-2024',
    'an answer names its request; one of a function its trace, too',
    async () => {
      const mocked = await ask('/mock');
      const proxied = await ask('/echo/a');

      for (const { headers } of [mocked, proxied])
        expect(headers).toMatchObject({
          'x-amzn-requestid': expect.any(String),
          'x-amz-apigw-id': expect.any(String),
        });
      expect(mocked.headers).not.toHaveProperty('x-amzn-trace-id');
      expect(proxied.headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
    },
  );
};

describe('API Gateway REST', checks);
