import { z } from 'zod';
import type { Row, Store } from '../../store.ts';
import type { ShardDefinition } from './shard.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS kinesis_stream (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next_position INTEGER NOT NULL, state TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS kinesis_record (
    stream INTEGER NOT NULL, shard INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL,
    partition_key TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (stream, shard, position));`;

const hashKey = z.string().transform(BigInt);

const state = z.object({
  createdAt: z.number(),
  retentionHours: z.number(),
  mode: z.enum(['PROVISIONED', 'ON_DEMAND']),
  maxRecordKiB: z.number().default(1024),
  nextShard: z.number(),
  tags: z.record(z.string(), z.string()).default({}),
  consumers: z.array(z.object({ name: z.string(), createdAt: z.number() })),
  shards: z.array(
    z.object({
      index: z.number(),
      range: z.object({ start: hashKey, end: hashKey }),
      parents: z.array(z.number()),
      firstPosition: z.number(),
      closed: z.object({ at: z.number(), nextPosition: z.number() }).optional(),
    }),
  ),
});

/** All of a stream but its records. */
export type StreamState = Omit<z.output<typeof state>, 'shards'> & {
  readonly shards: readonly ShardDefinition[];
};

export interface StoredStream {
  readonly number: number;
  readonly name: string;
  readonly nextPosition: number;
  readonly state: StreamState;
}

export interface StoredRecord {
  /** In the stream. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const streamRow = z.object({
  number: z.number(),
  name: z.string(),
  next_position: z.number(),
  state: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(state),
});

const recordRow = z
  .object({
    position: z.number(),
    at: z.number(),
    partition_key: z.string(),
    data: z.instanceof(Uint8Array),
  })
  .transform(({ partition_key: partitionKey, ...row }): StoredRecord => ({ ...row, partitionKey }));

const sizeRow = z.object({ bytes: z.number() });

const positionOf = (rows: readonly Row[]): number | undefined =>
  z.object({ position: z.number().nullable() }).optional().parse(rows[0])?.position ?? undefined;

/** Streams and their records, crash-safe. */
export class KinesisStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(tables);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  streams(): StoredStream[] {
    return this.#store.read('SELECT * FROM kinesis_stream ORDER BY name').map((row) => {
      const { next_position: nextPosition, ...stream } = streamRow.parse(row);
      return { ...stream, nextPosition };
    });
  }

  save({ number, name, nextPosition, state: kept }: StoredStream): void {
    const text = JSON.stringify(kept, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    this.#store.write(
      'INSERT OR REPLACE INTO kinesis_stream (number, name, next_position, state) VALUES (?, ?, ?, ?)',
      ...[number, name, nextPosition, text],
    );
  }

  delete(stream: number): void {
    this.#store.write('DELETE FROM kinesis_record WHERE stream = ?', stream);
    this.#store.write('DELETE FROM kinesis_stream WHERE number = ?', stream);
  }

  append(stream: number, shard: number, { position, at, partitionKey, data }: StoredRecord): void {
    this.#store.write(
      'INSERT INTO kinesis_record (stream, shard, position, at, partition_key, data) VALUES (?, ?, ?, ?, ?, ?)',
      ...[stream, shard, position, at, partitionKey, data],
    );
    this.#store.write('UPDATE kinesis_stream SET next_position = ? WHERE number = ?', position + 1, stream);
  }

  /** How large the first records from `position` on are, without reading them: a shard may hold more than fits in memory. */
  sizes(stream: number, shard: number, position: number, since: number, limit: number): number[] {
    return this.#store
      .read(
        'SELECT length(data) AS bytes FROM kinesis_record WHERE stream = ? AND shard = ? AND position >= ? AND at >= ? ORDER BY position LIMIT ?',
        ...[stream, shard, position, since, limit],
      )
      .map((row) => sizeRow.parse(row).bytes);
  }

  /** The first records from `position` on that came at `since` or later. */
  read(stream: number, shard: number, position: number, since: number, limit: number): StoredRecord[] {
    return this.#store
      .read(
        'SELECT position, at, partition_key, data FROM kinesis_record WHERE stream = ? AND shard = ? AND position >= ? AND at >= ? ORDER BY position LIMIT ?',
        ...[stream, shard, position, since, limit],
      )
      .map((row) => recordRow.parse(row));
  }

  /** Where the first record is that came at `since` or later. */
  firstSince(stream: number, shard: number, since: number): number | undefined {
    return positionOf(
      this.#store.read(
        'SELECT min(position) AS position FROM kinesis_record WHERE stream = ? AND shard = ? AND at >= ?',
        ...[stream, shard, since],
      ),
    );
  }

  /** Forgets what came before. */
  trim(stream: number, before: number): void {
    this.#store.write('DELETE FROM kinesis_record WHERE stream = ? AND at < ?', stream, before);
  }
}
