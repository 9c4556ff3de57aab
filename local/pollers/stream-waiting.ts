import type { Clock } from '../clock.ts';
import type { Stream } from '../services/kinesis/stream.ts';
import { sleep } from './sleep.ts';

/** The waiting of one reader of a stream: it ends at once when the reader is stopped. */
export class StreamWaiting {
  readonly #clock: Clock;
  readonly #stream: Stream;
  readonly #signal: AbortSignal;

  constructor(clock: Clock, stream: Stream, signal: AbortSignal) {
    this.#clock = clock;
    this.#stream = stream;
    this.#signal = signal;
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  /** Until something is put, shards change, or the time is over. */
  change(ms?: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer?.cancel();
        unwatch();
        this.#signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = ms === undefined ? undefined : this.#clock.after(ms, end);
      const unwatch = this.#stream.watch(end);
      this.#signal.addEventListener('abort', end);
    });
  }

  sleep(ms: number): Promise<void> {
    return sleep(this.#clock, ms, this.#signal);
  }
}
