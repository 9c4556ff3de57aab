/** "Lambda reads up to five concurrent batches" at first (Lambda guide, "Configuring scaling behavior for SQS event source mappings"). */
const INITIAL = 5;

/** "up to 300 more concurrent invokes per minute": one more each 200 ms. */
export const SCALE_UP_EVERY_MS = 200;

/** How many batches of one mapping may run at once: more while a backlog lasts, fewer when invocations fail. */
export class PollerConcurrency {
  readonly #maximum: number;
  #limit: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
    this.#limit = Math.min(INITIAL, maximum);
  }

  get limit(): number {
    return this.#limit;
  }

  scaleUp(): void {
    this.#limit = Math.min(this.#maximum, this.#limit + 1);
  }

  /** The backlog is gone. */
  settle(): void {
    this.#limit = Math.min(INITIAL, this.#maximum, this.#limit);
  }

  /** "Lambda gradually backs off, reducing the amount of concurrency allocated" (the same page, "Backoff strategy for failed invocations"). */
  backOff(): void {
    this.#limit = Math.max(1, this.#limit - 1);
  }

  recover(): void {
    if (this.#limit < Math.min(INITIAL, this.#maximum)) this.#limit += 1;
  }
}
