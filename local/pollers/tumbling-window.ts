import { z } from 'zod';
import type { Invocation } from '../ports.ts';
import type { Store } from '../store.ts';
import type { KinesisRecord } from './kinesis-event.ts';
import { pauseMs } from './stream-attempts.ts';

/** "Your state can be a maximum of 1 MB per shard. If it exceeds that size, Lambda terminates the window early." */
const LARGEST_STATE_BYTES = 1024 * 1024;

const table = `
  CREATE TABLE IF NOT EXISTS lambda_tumbling_window (
    mapping TEXT NOT NULL, shard TEXT NOT NULL, start INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (mapping, shard)) WITHOUT ROWID;`;

const row = z.object({ start: z.number(), state: z.string() });
const answer = z.object({ state: z.record(z.string(), z.unknown()) });

/** When the window began that a record of that time belongs to: milliseconds since the epoch. */
export const windowStart = (at: number, lengthMs: number): number => at - (at % lengthMs);

export interface WindowPlace {
  readonly store: Store;
  /** The mapping to one stream, as its checkpoints know it. */
  readonly mapping: string;
  readonly shardId: string;
  readonly sourceArn: string;
  readonly lengthMs: number;
}

/** What the final invocation of a window needs. */
export interface Finishing {
  /** Infinity when there is no limit. */
  readonly maximumRetries: number;
  stopped(): boolean;
  sleep(ms: number): Promise<void>;
  invoke(payload: string): Promise<Invocation | 'throttled'>;
  gaveUp(): void;
}

/** Whole seconds, as Lambda writes them. */
const timeOf = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * The open window of one shard, and the state that its invocations hand on. It survives a restart with the checkpoint
 * beside it (Lambda guide, "Implementing stateful Kinesis Data Streams processing in Lambda").
 */
export class TumblingWindow {
  readonly #place: WindowPlace;
  #open: { readonly start: number; readonly state: string } | undefined;

  constructor(place: WindowPlace) {
    this.#place = place;
    place.store.declare(table);
    const [kept] = place.store.read(
      'SELECT start, state FROM lambda_tumbling_window WHERE mapping = ? AND shard = ?',
      ...[place.mapping, place.shardId],
    );
    this.#open = kept && row.parse(kept);
  }

  /** Milliseconds since the epoch; undefined when no window is open. */
  get endsAt(): number | undefined {
    return this.#open && this.#open.start + this.#place.lengthMs;
  }

  /** Whether its state is larger than what may be handed on. */
  get isTooLarge(): boolean {
    return Buffer.byteLength(this.#open?.state ?? '') > LARGEST_STATE_BYTES;
  }

  /** Whether a record of that time belongs to a later window than the open one. */
  isBehind(at: number): boolean {
    return this.#open !== undefined && this.#startOf(at) !== this.#open.start;
  }

  /** The event with records of one window, which it opens. */
  event(records: readonly KinesisRecord[], at: number): string {
    this.#open ??= { start: this.#startOf(at), state: '{}' };
    return this.#event(this.#open, records, { final: false, early: false });
  }

  /** Takes the state over that an invocation has answered. @returns false when there is none: that invocation has failed. */
  keep(payload: string): boolean {
    const parsed = answer.safeParse(JSON.parse(payload));
    if (!parsed.success || !this.#open) return false;
    const { store, mapping, shardId } = this.#place;
    this.#open = { ...this.#open, state: JSON.stringify(parsed.data.state) };
    store.write(
      'INSERT OR REPLACE INTO lambda_tumbling_window (mapping, shard, start, state) VALUES (?, ?, ?, ?)',
      ...[mapping, shardId, this.#open.start, this.#open.state],
    );
    return true;
  }

  /**
   * The last invocation of the window: the final state and no records. "If invocation is unsuccessful, your Lambda
   * function suspends further processing until a successful invocation", within the retries that the mapping has.
   * @returns false when it was stopped before
   */
  async finish(finishing: Finishing): Promise<boolean> {
    if (!this.#open) return true;
    const payload = this.#event(this.#open, [], { final: true, early: this.isTooLarge });
    for (let failures = 0; !finishing.stopped(); ) {
      const ending = await finishing.invoke(payload);
      if (ending !== 'throttled' && ending.functionError === undefined) return this.#end();
      if (ending !== 'throttled') failures += 1;
      if (failures > finishing.maximumRetries) {
        finishing.gaveUp();
        return this.#end();
      }
      await finishing.sleep(pauseMs(failures));
    }
    return false;
  }

  #end(): true {
    const { store, mapping, shardId } = this.#place;
    store.write('DELETE FROM lambda_tumbling_window WHERE mapping = ? AND shard = ?', mapping, shardId);
    this.#open = undefined;
    return true;
  }

  #startOf(at: number): number {
    return windowStart(at, this.#place.lengthMs);
  }

  #event(
    { start, state }: { readonly start: number; readonly state: string },
    Records: readonly KinesisRecord[],
    { final, early }: { readonly final: boolean; readonly early: boolean },
  ): string {
    const { lengthMs, shardId, sourceArn } = this.#place;
    const about = {
      Records,
      window: { start: timeOf(start), end: timeOf(start + lengthMs) },
      shardId,
      eventSourceARN: sourceArn,
      isFinalInvokeForWindow: final,
      isWindowTerminatedEarly: early,
    };
    return `${JSON.stringify(about).slice(0, -1)},"state":${state}}`;
  }
}

/** Of all streams that the mapping has read. */
export const forgetWindows = (store: Store, mappingId: string): void => {
  store.declare(table);
  store.write("DELETE FROM lambda_tumbling_window WHERE mapping LIKE ? || ' %'", mappingId);
};
