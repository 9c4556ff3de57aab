import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { createWebhookSender } from '../../../lambdas/adapters/webhook-sender.ts';
import type { WebhookDelivery } from '../../../lambdas/domain/webhook-sender.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `:${(server.address() as AddressInfo).port}`;
};

const answering = async (status: number, headers: Record<string, string> = {}) => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const port = await serve(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status, headers).end('an answer that nobody reads');
  });
  return { port, received };
};

const delivery = (url: string): WebhookDelivery => ({
  url,
  secret: SECRET,
  id: 'job-1:2',
  timestamp: new Date(),
  body: '{"status":"queued","name":"Straße"}',
});

const lenient = createWebhookSender({ allowPrivate: true });
const strict = createWebhookSender({ allowPrivate: false });

test('the signature is one that the receiver can verify', async () => {
  const { port, received } = await answering(204);
  const sent = { ...delivery(`http://127.0.0.1${port}/hook`), headers: { 'x-more': 'yes' } };

  const answer = await lenient.send(sent);

  expect(answer).toBe('delivered');
  const [request] = received;
  expect(request?.headers).toMatchObject({
    'webhook-id': 'job-1:2',
    'content-type': 'application/json',
    'x-more': 'yes',
  });
  const headers = Object.fromEntries(Object.entries(request?.headers ?? {}).map(([k, v]) => [k, String(v)]));
  expect(new Webhook(SECRET).verify(request?.body ?? '', headers)).toEqual(JSON.parse(sent.body));
});

test.each([
  [200, 'delivered'],
  [202, 'delivered'],
  [410, 'gone'],
  [301, 'retry'],
  [400, 'retry'],
  [404, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
])('an answer of %i means: %s', async (status, expected) => {
  const { port } = await answering(status);

  expect(await lenient.send(delivery(`http://127.0.0.1${port}`))).toBe(expected);
});

test('a redirect is not followed', async () => {
  const target = await answering(200);
  const { port } = await answering(307, { location: `http://127.0.0.1${target.port}/` });

  expect(await lenient.send(delivery(`http://127.0.0.1${port}`))).toBe('retry');
  expect(target.received).toEqual([]);
});

test('nothing is sent to a private address unless that is allowed', async () => {
  const { port, received } = await answering(200);

  expect(await strict.send(delivery(`https://127.0.0.1${port}`))).toBe('refused');
  expect(await strict.send(delivery(`https://localhost${port}`))).toBe('refused');
  expect(await strict.send(delivery(`http://127.0.0.1${port}`))).toBe('refused');
  expect(received).toEqual([]);
});

test('a name is judged by every address that it resolves to', async () => {
  const { port, received } = await answering(200);
  const resolve = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  const sender = createWebhookSender({ allowPrivate: false, resolve });

  expect(await sender.send(delivery(`https://rebinding.example${port}`))).toBe('refused');
  expect(received).toEqual([]);
});

test('the connection goes to the address that was checked, with one lookup', async () => {
  const { port, received } = await answering(200);
  let lookups = 0;
  const resolve = async () => {
    lookups += 1;
    return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
  };
  const sender = createWebhookSender({ allowPrivate: true, resolve });

  expect(await sender.send(delivery(`http://rebinding.example${port}`))).toBe('delivered');
  expect(received).toHaveLength(1);
  expect(received[0]?.headers.host).toBe(`rebinding.example${port}`);
  expect(lookups).toBe(1);
});

test('who does not answer in time, or cannot be reached, is tried again', async () => {
  const port = await serve(() => undefined);
  const impatient = createWebhookSender({ allowPrivate: true, timeoutMs: 50 });
  const nameless = createWebhookSender({
    allowPrivate: true,
    resolve: () => Promise.reject(new Error('ENOTFOUND')),
  });

  expect(await impatient.send(delivery(`http://127.0.0.1${port}`))).toBe('retry');
  expect(await nameless.send(delivery(`http://nowhere.example${port}`))).toBe('retry');
});

test('an endless answer holds nobody up', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(200);
    const writing = setInterval(() => response.write('more'), 1);
    response.on('close', () => clearInterval(writing));
  });

  expect(await lenient.send(delivery(`http://127.0.0.1${port}`))).toBe('delivered');
});
