import { AsyncLocalStorage } from 'node:async_hooks';
import { readTraceHeader } from './trace-header.ts';

export type TraceIds = Readonly<Record<string, string | number>>;

/** One thing that happened in the local cloud. `ids` correlate: message id, request id, receive count and the like. */
export interface TraceEvent {
  readonly at: number;
  readonly service: string;
  /** The API action or the step, in AWS's words: `SendMessage`, `Deliver`, `Invoke`, `DeadLetter`. */
  readonly action: string;
  /** ARN or name of what it happened to. */
  readonly resource: string;
  /**
   * Where they are known: `trace`, the root of the X-Ray trace; `segment`, what happens inside of an invocation names as
   * its `parent`; `cause`, the id of what a service did this for.
   */
  readonly ids?: TraceIds;
}

export type Watcher = (event: TraceEvent) => void;

/** What some work is part of. */
export interface TraceScope {
  /** `X-Amzn-Trace-Id`: goes on to whatever the work leads to. */
  readonly header?: string | undefined;
  /** Given to every event of the work. */
  readonly ids?: TraceIds;
}

/** The latest events of the cloud, kept in memory, and whoever watches them. */
export class Trace {
  readonly #events: TraceEvent[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #capacity: number;
  readonly #scopes = new AsyncLocalStorage<TraceScope>();

  constructor(capacity = 100_000) {
    this.#capacity = capacity;
  }

  /** An event's own ids win over those of the scope that it happens in. */
  record(event: TraceEvent): void {
    const known = this.#scoped(event);
    this.#events.push(known);
    if (this.#events.length > this.#capacity * 2) this.#events.splice(0, this.#capacity);
    for (const watcher of this.#watchers) watcher(known);
  }

  /**
   * For what only a watcher wants to know, such as each request that AWS would bill: it is not kept.
   * @param tell is not called when nobody watches
   */
  mention(tell: () => TraceEvent): void {
    if (this.#watchers.size === 0) return;
    const known = this.#scoped(tell());
    for (const watcher of this.#watchers) watcher(known);
  }

  events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** @returns the function that ends the watching. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #scoped(event: TraceEvent): TraceEvent {
    const inherited = this.#scopes.getStore()?.ids;
    return inherited ? { ...event, ids: { ...inherited, ...event.ids } } : event;
  }

  /** Runs work as part of a trace, and of no other: nothing is left of the scope that this is called in. */
  within<T>({ header, ids }: TraceScope, run: () => T): T {
    const known = readTraceHeader(header);
    const scope: TraceScope = {
      ...(known && { header }),
      ids: {
        ...(known && { trace: known.root }),
        ...(known?.parent !== undefined && { parent: known.parent }),
        ...ids,
      },
    };
    return this.#scopes.run(scope, run);
  }

  /** What the present work is part of: for work that is put off. */
  get scope(): TraceScope {
    return this.#scopes.getStore() ?? {};
  }

  /** `X-Amzn-Trace-Id` of the present work. */
  get header(): string | undefined {
    return this.scope.header;
  }
}
