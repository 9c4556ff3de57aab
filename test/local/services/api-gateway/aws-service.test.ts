import { createServer, type IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import type { Integration } from '../../../../local/services/api-gateway/model.ts';
import { GatewayUnderTest, integration } from './gateway-under-test.ts';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands for the endpoint of the cloud: keeps requests, answers what it is told. */
class FakeEndpoint implements AsyncDisposable {
  readonly received: Received[] = [];
  answer = { status: 200, type: 'application/x-amz-json-1.0', body: '{}' };
  readonly #server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    this.received.push({ method, url, headers, body });
    response.writeHead(this.answer.status, { 'content-type': this.answer.type }).end(this.answer.body);
  });

  async listen(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const role = 'arn:aws:iam::000000000000:role/feedback';
const responses = [
  { statusCode: 202, parameters: {}, templates: { 'application/json': '{"accepted":true}' } },
  { statusCode: 400, selectionPattern: '4\\d{2}', parameters: {}, templates: {} },
  { statusCode: 500, selectionPattern: '5\\d{2}', parameters: {}, templates: {} },
];

const toQueue: Partial<Integration> = {
  type: 'AWS',
  uri: 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/feedback',
  credentials: role,
  passthrough: 'NEVER',
  requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
  requestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
  responses,
};

const gatewayTo = async (endpoint: FakeEndpoint, overrides: Partial<Integration>) => {
  const gateway = new GatewayUnderTest({ endpoint: await endpoint.listen() });
  return gateway.method('POST /x', { responses: [202, 400, 500], integration: integration(overrides) });
};

test('a queue gets the rendered form, signed for the service with the role of the integration', async () => {
  await using endpoint = new FakeEndpoint();
  await using gateway = await gatewayTo(endpoint, toQueue);

  const reply = await gateway.call('/x', { method: 'POST', body: '{"stars":5}' });

  expect(reply).toMatchObject({ status: 202, text: '{"accepted":true}' });
  expect(endpoint.received[0]).toMatchObject({
    method: 'POST',
    url: '/000000000000/feedback',
    body: 'Action=SendMessage&MessageBody=%7B%22stars%22%3A5%7D',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: expect.stringContaining(`Credential=key of ${role}/20260101/us-east-1/sqs/aws4_request`),
    },
  });
});

test('whatever a body holds, it arrives as the message and as nothing else', async () => {
  await using endpoint = new FakeEndpoint();
  await using gateway = await gatewayTo(endpoint, toQueue);
  const hostile = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('&DelaySeconds=900', 'x&Action=DeleteQueue', '$context.apiId', '#set($a=1)', '%26a=b+c'),
  );

  await fc.assert(
    fc.asyncProperty(hostile, async (body) => {
      await gateway.call('/x', { method: 'POST', body });
      const form = new URLSearchParams(endpoint.received.at(-1)?.body);
      expect([...form]).toEqual([
        ['Action', 'SendMessage'],
        ['MessageBody', body],
      ]);
    }),
    { numRuns: 50 },
  );
});

test.each([
  [403, 400],
  [500, 500],
])('a refusal of the queue (%i) is answered by %i, never by success', async (status, expected) => {
  await using endpoint = new FakeEndpoint();
  endpoint.answer = {
    status,
    type: 'text/xml',
    body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error><RequestId>1</RequestId></ErrorResponse>',
  };
  await using gateway = await gatewayTo(endpoint, toQueue);

  const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

  expect(reply).toMatchObject({
    status: expected,
    text: '{"Error":{"Code":"AccessDenied"},"RequestId":"1"}',
  });
});

test('an answer in XML is JSON for the response template', async () => {
  await using endpoint = new FakeEndpoint();
  endpoint.answer = {
    status: 200,
    type: 'text/xml',
    body: '<?xml version="1.0"?><SendMessageResponse xmlns="x"><SendMessageResult><MessageId>m</MessageId></SendMessageResult></SendMessageResponse>',
  };
  const template = '{"id":"$input.path(\'$.SendMessageResponse\').SendMessageResult.MessageId"}';
  await using gateway = await gatewayTo(endpoint, {
    ...toQueue,
    responses: [{ statusCode: 202, parameters: {}, templates: { 'application/json': template } }],
  });

  const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

  expect(reply.text).toBe('{"id":"m"}');
});

test('an action of Kinesis goes to its target', async () => {
  await using endpoint = new FakeEndpoint();
  await using gateway = await gatewayTo(endpoint, {
    ...toQueue,
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
    requestParameters: {},
    requestTemplates: {
      'application/json':
        '{"StreamName":"s","PartitionKey":"$input.path(\'$.key\')","Data":"$util.base64Encode($input.json(\'$\'))"}',
    },
  });

  await gateway.call('/x', { method: 'POST', body: '{"key":"k"}' });

  expect(endpoint.received[0]).toMatchObject({
    headers: {
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringContaining('/us-east-1/kinesis/aws4_request'),
    },
  });
  expect(JSON.parse(endpoint.received[0]?.body ?? '')).toEqual({
    StreamName: 's',
    PartitionKey: 'k',
    Data: Buffer.from('{"key":"k"}').toString('base64'),
  });
});

test('an action of SNS takes mapped query parameters', async () => {
  await using endpoint = new FakeEndpoint();
  await using gateway = await gatewayTo(endpoint, {
    ...toQueue,
    uri: 'arn:aws:apigateway:us-east-1:sns:action/Publish',
    requestParameters: {
      'integration.request.querystring.TopicArn': "'arn:topic'",
      'integration.request.querystring.Message': 'method.request.body',
    },
    requestTemplates: { 'application/json': '' },
  });

  await gateway.call('/x', { method: 'POST', body: 'a&b' });

  expect(endpoint.received[0]?.body).toBe('TopicArn=arn%3Atopic&Message=a%26b&Action=Publish');
});

test('an endpoint that cannot be reached is a 504', async () => {
  await using gateway = new GatewayUnderTest({ endpoint: 'http://127.0.0.1:1' });
  gateway.method('POST /x', { integration: integration(toQueue) });

  const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

  expect(reply.status).toBe(504);
});

test('a mapping onto a header field that belongs to the gateway is a 500', async () => {
  await using endpoint = new FakeEndpoint();
  await using gateway = await gatewayTo(endpoint, {
    ...toQueue,
    requestParameters: { 'integration.request.header.Authorization': "'mine'" },
  });

  const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

  expect(reply.status).toBe(500);
  expect(endpoint.received).toHaveLength(0);
});
