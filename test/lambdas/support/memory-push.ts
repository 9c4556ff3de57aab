import type { Connections, Watcher, Watchers } from '../../../lambdas/domain/push-ports.ts';
import { decode } from '../../../lambdas/messages/decode.ts';
import { JobChanged } from '../../../lambdas/messages/job-messages.ts';

/** Watchers that behave as their contract says. */
export class MemoryWatchers implements Watchers {
  readonly #stored = new Map<string, Watcher & { readonly jobId: string }>();

  async add(jobId: string, connectionId: string): Promise<void> {
    const key = `${jobId} ${connectionId}`;
    if (!this.#stored.has(key)) this.#stored.set(key, { jobId, connectionId, seq: 0 });
  }

  async of(jobId: string): Promise<Watcher[]> {
    return [...this.#stored.values()].filter((watcher) => watcher.jobId === jobId);
  }

  async told(jobId: string, connectionId: string, seq: number): Promise<boolean> {
    const key = `${jobId} ${connectionId}`;
    const watcher = this.#stored.get(key);
    if (!watcher || watcher.seq >= seq) return false;
    this.#stored.set(key, { ...watcher, seq });
    return true;
  }

  async remove(jobId: string, connectionId: string): Promise<void> {
    this.#stored.delete(`${jobId} ${connectionId}`);
  }

  async removeConnection(connectionId: string): Promise<void> {
    for (const [key, watcher] of this.#stored)
      if (watcher.connectionId === connectionId) this.#stored.delete(key);
  }
}

/** Clients that keep the `seq` of everything they are told. */
export class MemoryConnections implements Connections {
  readonly received = new Map<string, number[]>();
  readonly gone = new Set<string>();
  /** Runs before a post is received: throws to refuse it. */
  beforePost: (connectionId: string) => void = () => {};

  async post(connectionId: string, text: string): Promise<'posted' | 'gone'> {
    this.beforePost(connectionId);
    if (this.gone.has(connectionId)) return 'gone';
    const { seq } = decode(JobChanged, text).data;
    this.received.set(connectionId, [...this.of(connectionId), seq]);
    return 'posted';
  }

  of(connectionId: string): number[] {
    return this.received.get(connectionId) ?? [];
  }
}
