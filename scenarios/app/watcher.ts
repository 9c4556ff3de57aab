import { once } from 'node:events';
import { z } from 'zod';
import { reachable } from './api-url.ts';
import type { App } from './app.ts';
import { until } from './until.ts';

/** An event of a job, as watchers and webhooks get it. */
export const JobEvent = z.object({
  id: z.string(),
  type: z.literal('serverless-ipc.job.changed.v1'),
  subject: z.string(),
  data: z.object({ jobId: z.string(), seq: z.number(), status: z.string() }),
});
export type JobEvent = z.infer<typeof JobEvent>;

/** A WebSocket client of the app: everything it is told is kept, and it never asks for anything but to watch. */
export class Watcher {
  /** Every message, in the order of arrival. */
  readonly messages: unknown[] = [];
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.messages.push(readJson(String(data))));
  }

  static async connect(app: App): Promise<Watcher> {
    const socket = new WebSocket(reachable(app.output('WebSocketUrl'), app.target));
    const watcher = new Watcher(socket);
    await once(socket, 'open');
    return watcher;
  }

  /** The events of a job so far. */
  eventsOf(jobId: string): JobEvent[] {
    return this.messages
      .map((message) => JobEvent.safeParse(message).data)
      .filter((event) => event !== undefined)
      .filter(({ data }) => data.jobId === jobId);
  }

  say(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  watch(jobId: string): void {
    this.say({ action: 'watch', jobId });
  }

  /** Waits for the event with which a job ends. */
  async ended(jobId: string, statuses: readonly string[]): Promise<void> {
    await until(
      `the watcher to be told the end of ${jobId}`,
      () => this.eventsOf(jobId).at(-1)?.data.status,
      (status) => status !== undefined && statuses.includes(status),
    );
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
