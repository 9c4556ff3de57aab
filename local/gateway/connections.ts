import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import { UserError } from '../errors.ts';

/** How HTTP/2 with prior knowledge begins: the SDK's Kinesis client speaks it without asking. */
const PREFACE = Buffer.from('PRI * HTTP/2.0');
/** An SDK keeps its connections: one that is closed while a request is on its way is an error for the caller. */
const KEEP_ALIVE_MS = 10 * 60_000;

/** Whether a connection speaks HTTP/2; undefined as long as its first bytes leave that open. */
const speaksHttp2 = (start: Buffer): boolean | undefined => {
  const length = Math.min(start.length, PREFACE.length);
  if (!start.subarray(0, length).equals(PREFACE.subarray(0, length))) return false;
  return length < PREFACE.length ? undefined : true;
};

/**
 * One port on 127.0.0.1 for HTTP/1.1 and for HTTP/2 with prior knowledge, told apart by the first bytes.
 * Requests of both arrive as `request` on `http`: HTTP/2's compatibility API has the same shape.
 */
export class Connections {
  readonly http: HttpServer = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  readonly #http2: Http2Server = createHttp2Server();
  readonly #net: NetServer = createNetServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#greet(socket),
  );
  readonly #open = new Set<Socket>();

  constructor() {
    this.#http2.on('request', (request, response) => this.http.emit('request', request, response));
    this.#http2.on('sessionError', () => undefined);
  }

  /**
   * @param port 0 for any free one.
   * @returns the port.
   * @throws {UserError} when the port is taken.
   */
  listen(port: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#net.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    this.#net.listen(port, '127.0.0.1', () => {
      const address = this.#net.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
    return promise;
  }

  /** Ends every connection, those with a request under way too. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#net.close(() => resolve());
    for (const socket of this.#open) socket.destroy();
    this.http.close();
    this.#http2.close();
    await promise;
  }

  #greet(socket: Socket): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.destroy());
    let start: Buffer = Buffer.alloc(0);
    const listen = (chunk: Buffer): void => {
      start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
      const http2 = speaksHttp2(start);
      if (http2 === undefined) return;
      socket.off('data', listen);
      // An HTTP/2 session reads what is buffered at the next turn: until then it must not flow away.
      if (http2) socket.pause();
      socket.unshift(start);
      (http2 ? this.#http2 : this.http).emit('connection', socket);
    };
    socket.on('data', listen);
  }
}

const portError = (error: NodeJS.ErrnoException, port: number): Error => {
  if (error.code === 'EADDRINUSE')
    return new UserError(`port ${port} is in use: end what listens there, or choose another with --port N`);
  if (error.code === 'EACCES')
    return new UserError(`port ${port} is not allowed to this user: choose one above 1023 with --port N`);
  return error;
};
