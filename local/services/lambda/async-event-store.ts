import { z } from 'zod';
import type { Store } from '../../store.ts';
import type { TraceScope } from '../../trace.ts';

/** An event that was accepted and has not come to its end. Times in milliseconds since the epoch. */
export interface AsyncEvent {
  readonly requestId: string;
  readonly functionName: string;
  /** ARN as the caller gave it. */
  readonly invokedArn: string;
  readonly payload: string;
  readonly acceptedAt: number;
  /** Invocations so far. */
  readonly attempts: number;
  readonly dueAt: number;
  /** What has led to it. It is not stored: after a restart of the cloud the event begins a trace of its own. */
  readonly scope?: TraceScope;
}

const row = z.object({
  requestId: z.string(),
  functionName: z.string(),
  invokedArn: z.string(),
  payload: z.string(),
  acceptedAt: z.number(),
  attempts: z.number(),
  dueAt: z.number(),
});

/** The queue of asynchronous events, as it survives a crash. */
export class AsyncEventStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(`CREATE TABLE IF NOT EXISTS lambda_async_events (
      requestId TEXT PRIMARY KEY, functionName TEXT NOT NULL, invokedArn TEXT NOT NULL, payload TEXT NOT NULL,
      acceptedAt INTEGER NOT NULL, attempts INTEGER NOT NULL, dueAt INTEGER NOT NULL
    ) STRICT`);
  }

  put(event: AsyncEvent): void {
    this.#store.write(
      'INSERT OR REPLACE INTO lambda_async_events VALUES (?, ?, ?, ?, ?, ?, ?)',
      event.requestId,
      event.functionName,
      event.invokedArn,
      event.payload,
      event.acceptedAt,
      event.attempts,
      event.dueAt,
    );
  }

  remove(requestId: string): void {
    this.#store.write('DELETE FROM lambda_async_events WHERE requestId = ?', requestId);
  }

  of(functionName: string): AsyncEvent[] {
    return this.#store
      .read('SELECT * FROM lambda_async_events WHERE functionName = ? ORDER BY acceptedAt', functionName)
      .map((read) => row.parse(read));
  }
}
