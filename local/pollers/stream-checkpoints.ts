import { z } from 'zod';
import type { Store } from '../store.ts';

const table = `
  CREATE TABLE IF NOT EXISTS lambda_stream_checkpoint (
    mapping TEXT NOT NULL, shard TEXT NOT NULL, lanes INTEGER NOT NULL, lane INTEGER NOT NULL,
    position INTEGER NOT NULL, PRIMARY KEY (mapping, shard, lane)) WITHOUT ROWID;`;

const row = z.object({ shard: z.string(), lanes: z.number(), lane: z.number(), position: z.number() });

/** How far one mapping has come in each shard: it goes on there after a restart. */
export class StreamCheckpoints {
  readonly #store: Store;
  readonly #mapping: string;
  readonly #lanes: number;

  /** @param mapping of one stream: another one that takes its name begins anew. */
  constructor(store: Store, mapping: string, lanes: number) {
    this.#store = store;
    this.#mapping = mapping;
    this.#lanes = lanes;
    store.declare(table);
  }

  /** Whether the mapping has ever been started. */
  get begun(): boolean {
    return this.#rows().length > 0;
  }

  /** The next position of each lane. Another number of lanes begins where the slowest of the former stood: nothing is skipped. */
  positions(shard: string): number[] {
    const rows = this.#rows().filter((kept) => kept.shard === shard);
    const lanes = Array.from({ length: this.#lanes }, (_, lane) => lane);
    if (rows.length === 0) return lanes.map(() => 0);
    if (rows.every((kept) => kept.lanes === this.#lanes))
      return lanes.map((lane) => rows.find((kept) => kept.lane === lane)?.position ?? 0);
    const slowest = Math.min(...rows.map(({ position }) => position));
    this.start(shard, slowest);
    return lanes.map(() => slowest);
  }

  /** All lanes of the shard begin there. */
  start(shard: string, position: number): void {
    this.#store.write(
      'DELETE FROM lambda_stream_checkpoint WHERE mapping = ? AND shard = ?',
      this.#mapping,
      shard,
    );
    for (let lane = 0; lane < this.#lanes; lane += 1) this.save(shard, lane, position);
  }

  save(shard: string, lane: number, position: number): void {
    this.#store.write(
      'INSERT OR REPLACE INTO lambda_stream_checkpoint (mapping, shard, lanes, lane, position) VALUES (?, ?, ?, ?, ?)',
      ...[this.#mapping, shard, this.#lanes, lane, position],
    );
  }

  #rows(): z.output<typeof row>[] {
    return this.#store
      .read('SELECT * FROM lambda_stream_checkpoint WHERE mapping = ?', this.#mapping)
      .map((kept) => row.parse(kept));
  }
}

/** Of all streams that the mapping has read, as `StreamCheckpoints` knows them. */
export const forgetCheckpoints = (store: Store, mappingId: string): void => {
  store.declare(table);
  store.write("DELETE FROM lambda_stream_checkpoint WHERE mapping LIKE ? || ' %'", mappingId);
};
