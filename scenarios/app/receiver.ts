import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { App } from './app.ts';

/** A request that a receiver was sent. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** In ms since the epoch. */
  readonly at: number;
}

export interface Answer {
  readonly status: number;
  readonly delayMs?: number;
}

/** Somebody else's server, in the hands of a scenario. */
export interface Receiver {
  /** Where it is reached from the app, without a slash at the end. */
  readonly url: string;
  /** Everything that was received so far, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Decides what the next requests are answered; 204 at first. */
  respond(answer: (request: ReceivedRequest) => Answer): void;
  close(): Promise<void>;
}

/**
 * Starts an HTTP server on 127.0.0.1 that records what it is sent. An app that runs elsewhere reaches it through a tunnel:
 * `SCENARIO_RECEIVER_URL` names the tunnel's public URL, `SCENARIO_RECEIVER_PORT` the port on this machine that it leads to.
 *
 * @throws Error on AWS without a tunnel
 */
export const startReceiver = async (app: App): Promise<Receiver> => {
  const { SCENARIO_RECEIVER_URL: tunnel, SCENARIO_RECEIVER_PORT: port } = process.env;
  if (app.target.name === 'aws' && !(tunnel && port)) {
    throw new Error(
      'AWS cannot reach this machine: start a tunnel to it, and name it in SCENARIO_RECEIVER_URL and SCENARIO_RECEIVER_PORT',
    );
  }
  const requests: ReceivedRequest[] = [];
  let decide = (_request: ReceivedRequest): Answer => ({ status: 204 });
  const server = createServer(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    const { status, delayMs = 0 } = decide(request);
    setTimeout(() => response.writeHead(status).end(), delayMs);
  });
  server.listen(Number(port ?? 0), '127.0.0.1');
  await once(server, 'listening');
  return {
    url: tunnel?.replace(/\/$/, '') ?? `http://127.0.0.1:${portOf(server.address())}`,
    requests,
    respond: (answer) => {
      decide = answer;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port');
  return address.port;
};

const received = async (incoming: IncomingMessage): Promise<ReceivedRequest> => ({
  method: incoming.method ?? '',
  path: incoming.url ?? '',
  headers: Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  ),
  body: await text(incoming),
  at: Date.now(),
});
