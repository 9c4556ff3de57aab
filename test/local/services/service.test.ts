import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { readBody } from '../../../local/services/service.ts';

const server = createServer();
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** A request that declares ten bytes, and the socket that it comes from. */
const request = async (sent: string) => {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const arrived = once(server, 'request');
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n${sent}`);
  const [incoming]: IncomingMessage[] = await arrived;
  if (!incoming) throw new Error('nothing came');
  return { incoming, socket };
};

test('a body that comes in parts is whole', async () => {
  const { incoming, socket } = await request('12345');

  const body = readBody(incoming, 10);
  socket.write('67890');

  expect((await body).toString()).toBe('1234567890');
  socket.destroy();
});

test('a body over the limit is refused', async () => {
  const { incoming, socket } = await request('1234567890');

  await expect(readBody(incoming, 9)).rejects.toMatchObject({ code: 'RequestEntityTooLarge', status: 413 });
  socket.destroy();
});

test('a client that goes away within its request holds up nobody, whether its body is being read or not yet', async () => {
  const { incoming, socket } = await request('12345');
  const body = readBody(incoming, 10);
  const closed = new Promise((resolve) => incoming.once('close', resolve));
  socket.destroy();

  await expect(body).rejects.toThrow();
  await closed;
  await expect(readBody(incoming, 10)).rejects.toThrow('went away');
});
