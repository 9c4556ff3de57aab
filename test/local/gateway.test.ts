import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Gateway } from '../../local/gateway.ts';
import { PolicyEngine } from '../../local/iam/policy-engine.ts';
import type { Protocol } from '../../local/services/service.ts';

const signed = (service: string, accessKeyId = 'test') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

let gateway: Gateway;
let endpoint: string;
let port: number;
let upgraded: string[];

beforeEach(async () => {
  gateway = new Gateway();
  endpoint = await gateway.listen(0);
  port = Number(new URL(endpoint).port);
  upgraded = [];
  const iam = new PolicyEngine('000000000000');
  /** Says which service it is, who asks, and what came. */
  const echo = (name: string): [string, Protocol] => [
    name,
    {
      handle: async (request, response, { caller }) => {
        response.end(`${name} ${caller.kind} ${await text(request)}`);
      },
    },
  ];
  gateway.serve({
    iam,
    protocols: new Map(['sqs', 'sns', 's3', 'kinesis', 'execute-api', '@connections', '_local'].map(echo)),
    upgrade: (request, socket) => {
      upgraded.push(request.url ?? '');
      socket.destroy();
    },
  });
});

afterEach(() => gateway.close());

const ask = async (path: string, init: RequestInit = {}): Promise<string> =>
  (await fetch(endpoint + path, init)).text();

/** One request as bytes, for what `fetch` does not let through. */
const askRaw = async (head: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${head}\r\nConnection: close\r\n\r\n`);
  return text(socket);
};

test.each([
  ['/', { headers: signed('sqs') }, 'sqs account '],
  ['/000000000000/jobs', { headers: signed('sqs') }, 'sqs account '],
  ['/bucket/key?X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request', {}, 's3 account '],
  ['/', { headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' } }, 'kinesis anonymous '],
  ['/?Action=ConfirmSubscription&Token=1', {}, 'sns anonymous '],
  ['/_aws/execute-api/abc/live/v1/jobs', {}, 'execute-api anonymous '],
  ['/_aws/execute-api/abc/live/v1/jobs', { headers: signed('execute-api') }, 'execute-api account '],
  [
    '/_aws/execute-api/abc/live/@connections/x%3D',
    { headers: signed('execute-api') },
    '@connections account ',
  ],
  ['/_local/health', {}, '_local anonymous '],
  ['/bucket', { method: 'POST', body: 'form' }, 's3 anonymous form'],
])('%s with %j is for %s', async (path, init, answer) => {
  expect(await ask(path, init)).toBe(answer);
});

test('a service that is not here is refused, with the names of those that are', async () => {
  const response = await fetch(endpoint, { headers: signed('sagemaker') });

  expect(response.status).toBe(501);
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await response.json()).toMatchObject({
    code: 'UnknownService',
    message: 'The local cloud has no service "sagemaker". It has: sqs, sns, s3, kinesis, execute-api',
  });
});

test('HTTP/2 with prior knowledge is served on the same port', async () => {
  const session = connectHttp2(endpoint);
  const stream = session.request({ ':method': 'POST', ':path': '/', ...signed('kinesis') });
  stream.end('records');

  const answer = await text(stream);
  session.close();

  expect(answer).toBe('kinesis account records');
});

test('an HTTP/2 preface is known also when its bytes arrive one by one', async () => {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const emptySettings = '\0\0\0\x04\0\0\0\0\0';
  for (const character of `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${emptySettings}`) socket.write(character);

  const [answer] = await once(socket, 'data');
  socket.destroy();

  // The type of the first frame: the server's own SETTINGS.
  expect(answer[3]).toBe(4);
});

test('a POST whose bytes arrive one by one is HTTP/1.1', async () => {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const request = `POST /bucket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi`;
  for (const character of request) socket.write(character);

  const answer = await text(socket);

  expect(answer).toContain('s3 anonymous hi');
});

test.each([
  '127.0.0.1:4566',
  'localhost',
  '[::1]:4566',
  'photos.localhost:4566',
  'sqs.us-east-1.amazonaws.com',
])('a request for the host %s is answered', async (host) => {
  expect(await askRaw(`GET /bucket HTTP/1.1\r\nHost: ${host}`)).toContain('200 OK');
});

test.each(['evil.example', 'localhost.evil.example', 'amazonaws.com.evil.example', '10.0.0.1'])(
  'a request for the host %s, as of a page that rebinds its name, is refused',
  async (host) => {
    expect(await askRaw(`GET /bucket HTTP/1.1\r\nHost: ${host}`)).toContain('403 Forbidden');
  },
);

test('a WebSocket handshake of an API is handed on, any other is refused', async () => {
  const upgrade = 'Upgrade: websocket';
  const handshake = (path: string) =>
    askRaw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nConnection: Upgrade`);

  await handshake('/_aws/execute-api/abc/live');
  const refused = await handshake('/bucket');

  expect(upgraded).toEqual(['/_aws/execute-api/abc/live']);
  expect(refused).toContain('404 Not Found');
});

test('a taken port is one line that says what to do', async () => {
  const refused = new Gateway().listen(port);

  await expect(refused).rejects.toMatchObject({
    name: 'UserError',
    message: `port ${port} is in use: end what listens there, or choose another with --port N`,
  });
});

test('while services are not there yet, a request is told so', async () => {
  gateway.refuse();

  const response = await fetch(endpoint);

  expect(response.status).toBe(503);
});

test('a service that is not here is refused in the format that its clients read', async () => {
  const form = { ...signed('sts'), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';

  const byQuery = await fetch(endpoint, { method: 'POST', headers: form, body });
  const byEc2 = await ask('/', { method: 'POST', headers: { ...form, ...signed('ec2') }, body });
  const byJson = await ask('/', {
    method: 'POST',
    headers: { ...signed('states'), 'content-type': 'application/x-amz-json-1.0' },
    body: '{}',
  });

  const sts = await byQuery.text();
  expect(byQuery.headers.get('content-type')).toBe('text/xml');
  expect(sts).toMatch(
    /^<ErrorResponse><Error><Type>Receiver<\/Type><Code>UnknownService<\/Code><Message>.*"sts"/,
  );
  expect(byEc2).toMatch(/^<Response><Errors><Error><Code>UnknownService<\/Code>/);
  expect(JSON.parse(byJson)).toMatchObject({ __type: 'UnknownService' });
});
