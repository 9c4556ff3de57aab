import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../clock.ts';
import { FrameSizes } from './frame-limit.ts';
import type { SocketApi, SocketStage } from './model.ts';

/** "Quotas for configuring and running a WebSocket API in API Gateway". */
export const MESSAGE_LIMIT = 128 * 1024;
const FRAME_LIMIT = 32 * 1024;
const IDLE_MS = 10 * 60 * 1000;
const LIFETIME_MS = 2 * 60 * 60 * 1000;

const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const TOO_BIG = 1009;

export interface Handlers {
  message(text: string): void;
  closed(code: number, reason: string): void;
}

/** One client of a WebSocket API. Before `open` it is only a handshake whose route has not answered yet. */
export class Connection {
  readonly id = `${randomBytes(11).toString('base64url')}=`;
  readonly api: SocketApi;
  readonly stage: SocketStage;
  readonly handshake: IncomingMessage;
  readonly connectedAt: number;
  lastActiveAt: number;
  readonly #clock: Clock;
  #socket: WebSocket | undefined;
  #idle: Timer | undefined;
  #lifetime: Timer | undefined;

  constructor(clock: Clock, api: SocketApi, stage: SocketStage, handshake: IncomingMessage) {
    this.#clock = clock;
    this.api = api;
    this.stage = stage;
    this.handshake = handshake;
    this.connectedAt = clock.now();
    this.lastActiveAt = this.connectedAt;
  }

  get sourceIp(): string {
    return this.handshake.socket.remoteAddress ?? '127.0.0.1';
  }

  get userAgent(): string | undefined {
    return this.handshake.headers['user-agent'];
  }

  open(socket: WebSocket, { message, closed }: Handlers): void {
    this.#socket = socket;
    const frames = new FrameSizes(FRAME_LIMIT);
    this.handshake.socket.prependListener('data', (chunk: Buffer) => {
      if (frames.exceeded(chunk)) socket.close(TOO_BIG);
    });
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return;
      // "If a client app sends a binary frame, API Gateway rejects it and disconnects the client with code 1003."
      if (isBinary) socket.close(UNSUPPORTED_DATA);
      else message(this.#received(data.toString()));
    });
    socket.on('ping', () => this.#active());
    // What is wrong is told by the close that follows.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      this.#idle?.cancel();
      this.#lifetime?.cancel();
      closed(code, reason.toString());
    });
    this.#lifetime = this.#clock.after(LIFETIME_MS, () => socket.close(GOING_AWAY, 'Going away'));
    this.#active();
  }

  /** Resolves once the message is on its way; false when the client is gone. */
  send(text: string): Promise<boolean> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== socket.OPEN) return Promise.resolve(false);
    this.#active();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.send(text, (error) => resolve(!error));
    return promise;
  }

  disconnect(): void {
    this.#socket?.close(1000, 'Connection closed by the backend');
  }

  /** Ends it without a word: the cloud is closing. */
  terminate(): void {
    this.#socket?.removeAllListeners('close');
    this.#idle?.cancel();
    this.#lifetime?.cancel();
    this.#socket?.terminate();
  }

  #received(text: string): string {
    this.#active();
    return text;
  }

  #active(): void {
    this.lastActiveAt = this.#clock.now();
    this.#idle?.cancel();
    this.#idle = this.#clock.after(IDLE_MS, () => this.#socket?.close(GOING_AWAY, 'Going away'));
  }
}
