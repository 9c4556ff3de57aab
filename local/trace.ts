/** One thing that happened in the local cloud. `ids` correlate: message id, request id, receive count and the like. */
export interface TraceEvent {
  readonly at: number;
  readonly service: string;
  /** The API action or the step, in AWS's words: `SendMessage`, `Deliver`, `Invoke`, `DeadLetter`. */
  readonly action: string;
  /** ARN or name of what it happened to. */
  readonly resource: string;
  readonly ids?: Readonly<Record<string, string | number>>;
}

export type Watcher = (event: TraceEvent) => void;

/** The latest events of the cloud, kept in memory, and whoever watches them. */
export class Trace {
  readonly #events: TraceEvent[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #capacity: number;

  constructor(capacity = 100_000) {
    this.#capacity = capacity;
  }

  record(event: TraceEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#capacity * 2) this.#events.splice(0, this.#capacity);
    for (const watcher of this.#watchers) watcher(event);
  }

  events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** @returns the function that ends the watching. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
