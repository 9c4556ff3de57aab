import type { Clock, Timer } from '../../clock.ts';

interface WaitingReceive<T> {
  /** Gives what is there for this receive, or nothing. */
  readonly take: () => T[];
  readonly end: (result: T[]) => void;
}

/**
 * Long polling: receives that found nothing wait here, first come first served, until a message comes, their time
 * is over, or their caller is gone.
 */
export class WaitingReceives<T> {
  readonly #waiting = new Set<WaitingReceive<T>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  wait(ms: number, take: () => T[], signal?: AbortSignal): Promise<T[]> {
    return new Promise((resolve) => {
      let timeout: Timer | undefined;
      const giveUp = () => receive.end([]);
      const receive: WaitingReceive<T> = {
        take,
        end: (result) => {
          this.#waiting.delete(receive);
          timeout?.cancel();
          signal?.removeEventListener('abort', giveUp);
          resolve(result);
        },
      };
      timeout = this.#clock.after(ms, giveUp);
      signal?.addEventListener('abort', giveUp);
      this.#waiting.add(receive);
    });
  }

  /** Gives messages to those who wait, as long as there are any. */
  serve(): void {
    for (const receive of this.#waiting) {
      const messages = receive.take();
      if (messages.length === 0) return;
      receive.end(messages);
    }
  }

  /** Lets everybody go with nothing. */
  close(): void {
    for (const receive of [...this.#waiting]) receive.end([]);
  }
}
