import type { APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import * as z from 'zod';
import { cropOutside } from '../../../lambdas/domain/problem.ts';
import { noBody, type RestRequest } from '../../../lambdas/http/request.ts';
import { json } from '../../../lambdas/http/response.ts';
import { restHandler } from '../../../lambdas/http/rest-handler.ts';
import { JobRequest } from '../../../lambdas/messages/job-request.ts';
import { logged } from '../support/log.ts';
import { restEvent } from '../support/rest-event.ts';

const post = (body: string, change = {}) =>
  restHandler(JobRequest, async (request) => json(200, request.body))(restEvent({ body, ...change }));

const job = (change: object) =>
  JSON.stringify({ contentType: 'image/png', contentLength: 1, operations: [], ...change });

const problem = z.object({
  type: z.literal('urn:problem:serverless-ipc:invalid-request'),
  title: z.string(),
  status: z.literal(400),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
});

test.each([
  ['an unknown operation', job({ operations: [{ op: 'flip' }, { op: 'explode' }] }), '#/operations/1/op'],
  ['a wrong type', job({ contentLength: 'large' }), '#/contentLength'],
  ['more than ten operations', job({ operations: Array(11).fill({ op: 'flip' }) }), '#/operations'],
  ['an unknown field', job({ 'a/b~c': 1 }), '#/a~1b~0c'],
  ['an unknown parameter', job({ operations: [{ op: 'flip', x: 1 }] }), '#/operations/0/x'],
  ['a body that is not JSON', '{"contentType":', '#'],
  ['a body that is too large', job({ padding: 'x'.repeat(70_000) }), '#'],
  ['no body', '', '#'],
])('%s is answered by a 400 problem that points to it', async (_case, body, pointer) => {
  const response = await post(body);

  expect(response.statusCode).toBe(400);
  expect(response.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'access-control-allow-origin': '*',
  });
  expect(problem.parse(JSON.parse(response.body)).errors.map((error) => error.pointer)).toEqual([pointer]);
});

test('no body, whatever is in it, is answered by anything but a 200 or a 400', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
      const { statusCode } = await post(body);

      expect([200, 400]).toContain(statusCode);
    }),
  );
});

test('a body in base64 is read as well', async () => {
  const response = await post(Buffer.from(job({})).toString('base64'), { isBase64Encoded: true });

  expect(response.statusCode).toBe(200);
});

const seen = async (change: object): Promise<RestRequest<unknown>> => {
  const requests: RestRequest<unknown>[] = [];
  await restHandler(noBody, async (request) => {
    requests.push(request);
    return json(200, {});
  })(restEvent(change));
  const [request] = requests;
  if (!request) throw new Error('the handler was not reached');
  return request;
};

test('a request without a contract for its body may carry anything', async () => {
  expect((await seen({ body: 'not JSON' })).body).toBeUndefined();
});

test('who calls is what the header says, in any case, and else nobody', async () => {
  expect((await seen({ headers: { 'X-Caller-Id': 'alice' } })).owner).toBe('alice');
  expect((await seen({})).owner).toBe('anonymous');
});

test.each(['', 'x'.repeat(129), 'a\nb', 'zwölf'])('a caller id like %j is a 400', async (id) => {
  const response = await restHandler(noBody, async () => json(200, {}))(
    restEvent({ headers: { 'x-caller-id': id } }),
  );

  expect(response.statusCode).toBe(400);
});

test('a valid traceparent is carried on, any other is replaced', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  const carried = await seen({ headers: { traceparent } });
  const replaced = await seen({ headers: { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` } });

  expect(carried.trace).toEqual({ correlationId: 'request-1', traceparent });
  expect(replaced.trace.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test('a trace that begins here has the id that X-Ray has for it', async () => {
  const headers = { 'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793' };

  const { trace } = await seen({ headers });

  expect(trace.traceparent).toMatch(/^00-5759e988bd862e3fe1be46a994272793-[0-9a-f]{16}-01$/);
});

test.each([
  ['order-7:retry', 'order-7:retry'],
  ['two words', 'request-1'],
  ['x'.repeat(129), 'request-1'],
  ['a"b', 'request-1'],
])('the correlation id %j of a caller becomes %j', async (given, expected) => {
  expect((await seen({ headers: { 'X-Correlation-Id': given } })).trace.correlationId).toBe(expected);
});

test.each([
  ['an answer', async () => json(200, {})],
  ['a refusal', async () => Promise.reject(cropOutside('Too far right.'))],
  ['a failure', async () => Promise.reject(new Error('no'))],
] as const)(
  '%s tells under which names its request can be found, and so does its line in the log',
  async (_, answer) => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { traceparent, 'x-correlation-id': 'order-7' };
    const responses: APIGatewayProxyResult[] = [];

    const lines = await logged(async () => {
      responses.push(await restHandler(noBody, answer)(restEvent({ headers })));
    });

    expect(responses[0]?.headers).toMatchObject({ traceparent, 'x-correlation-id': 'order-7' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      correlationId: 'order-7',
      traceparent,
      requestId: 'request-1',
    });
  },
);

test.each(['/v1/jobs', '/v1/jobs/', '/v1/jobs/1', '/v1/jobs/1/result'])(
  'links start at the jobs of the same stage: %s',
  async (path) => {
    expect((await seen({ path })).jobsPath).toBe('/live/v1/jobs');
  },
);

test('an expected failure is answered as the problem that it is', async () => {
  const response = await restHandler(noBody, async () => {
    throw cropOutside('Too far right.');
  })(restEvent());

  expect(response.statusCode).toBe(422);
  expect(JSON.parse(response.body)).toEqual({
    type: 'urn:problem:serverless-ipc:crop-outside',
    title: expect.any(String),
    status: 422,
    detail: 'Too far right.',
  });
});

test('an unexpected one is logged under the id of its request, and answered without its cause', async () => {
  const lines = await logged(async () => {
    const response = await restHandler(noBody, async () => {
      throw new Error('the password is 1234');
    })(restEvent());

    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('1234');
  });

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'ERROR', correlationId: 'request-1', error: { message: 'the password is 1234' } },
    { level: 'INFO', correlationId: 'request-1', status: 500 },
  ]);
});
