import { z } from 'zod';
import type { Row, Store } from '../../store.ts';
import type { CorsRule } from './cors.ts';
import type { NotificationConfiguration } from './notification-configuration.ts';

export type Headers = Readonly<Record<string, string>>;

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** The name of the file with its bytes. */
  readonly blob: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** What a GET answers: content type and the like, user metadata, checksums. */
  readonly headers: Headers;
}

export interface StoredBucket {
  readonly name: string;
  readonly createdMs: number;
  readonly notifications: NotificationConfiguration;
  readonly cors: readonly CorsRule[];
}

export interface StoredUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Headers;
}

export interface StoredPart {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
}

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const headers = json(z.record(z.string(), z.string()));

const objectRow = z
  .object({
    bucket: z.string(),
    key: z.string(),
    blob: z.string(),
    size: z.number(),
    etag: z.string(),
    modified: z.number(),
    headers,
  })
  .transform(({ modified, ...rest }): StoredObject => ({ ...rest, modifiedMs: modified }));

const notification = z.object({
  id: z.string(),
  target: z.enum(['queue', 'topic', 'function']),
  arn: z.string(),
  events: z.array(z.string()),
  prefix: z.string().exactOptional(),
  suffix: z.string().exactOptional(),
});

const corsRule = z.object({
  allowedOrigins: z.array(z.string()),
  allowedMethods: z.array(z.string()),
  allowedHeaders: z.array(z.string()),
  exposedHeaders: z.array(z.string()),
  maxAgeSeconds: z.number().exactOptional(),
});

const bucketRow = z
  .object({
    name: z.string(),
    created: z.number(),
    notifications: json(z.array(notification)),
    cors: json(z.array(corsRule)),
  })
  .transform(({ created, ...rest }): StoredBucket => ({ ...rest, createdMs: created }));

const uploadRow = z.object({ id: z.string(), bucket: z.string(), key: z.string(), headers });
const partRow = z.object({ number: z.number(), blob: z.string(), size: z.number(), etag: z.string() });
const blobRow = z.object({ blob: z.string() });

/** Sorts after every key with this prefix: SQLite compares text by its UTF-8 bytes, as S3 does. */
export const LAST_CHARACTER = '\u{10FFFF}';

/** Buckets, objects and multipart uploads as rows. */
export class S3Store {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(`
      CREATE TABLE IF NOT EXISTS s3_buckets (
        name TEXT PRIMARY KEY, created INTEGER NOT NULL,
        notifications TEXT NOT NULL DEFAULT '[]', cors TEXT NOT NULL DEFAULT '[]') WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS s3_objects (
        bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
        modified INTEGER NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS s3_uploads (
        id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS s3_parts (
        upload TEXT NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL,
        etag TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
    `);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  buckets(): StoredBucket[] {
    return this.#store.read('SELECT * FROM s3_buckets ORDER BY name').map((row) => bucketRow.parse(row));
  }

  addBucket(name: string, nowMs: number): void {
    this.#store.write('INSERT INTO s3_buckets (name, created) VALUES (?, ?)', name, nowMs);
  }

  removeBucket(name: string): void {
    this.#store.write('DELETE FROM s3_buckets WHERE name = ?', name);
  }

  configure(name: string, { notifications, cors }: Pick<StoredBucket, 'notifications' | 'cors'>): void {
    this.#store.write(
      'UPDATE s3_buckets SET notifications = ?, cors = ? WHERE name = ?',
      JSON.stringify(notifications),
      JSON.stringify(cors),
      name,
    );
  }

  object(bucket: string, key: string): StoredObject | undefined {
    const [row] = this.#store.read('SELECT * FROM s3_objects WHERE bucket = ? AND key = ?', bucket, key);
    return row && objectRow.parse(row);
  }

  putObject({ bucket, key, blob, size, etag, modifiedMs, headers }: StoredObject): void {
    this.#store.write(
      'INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?, ?, ?, ?, ?)',
      bucket,
      key,
      blob,
      size,
      etag,
      modifiedMs,
      JSON.stringify(headers),
    );
  }

  removeObject(bucket: string, key: string): void {
    this.#store.write('DELETE FROM s3_objects WHERE bucket = ? AND key = ?', bucket, key);
  }

  /** Objects in the order of their keys, from the first that is after `after` and starts with `prefix`. */
  objects(bucket: string, prefix: string, after: string, limit: number): StoredObject[] {
    return this.#store
      .read(
        'SELECT * FROM s3_objects WHERE bucket = ? AND key >= ? AND key < ? AND key > ? ORDER BY key LIMIT ?',
        bucket,
        prefix,
        prefix + LAST_CHARACTER,
        after,
        limit,
      )
      .map((row) => objectRow.parse(row));
  }

  upload(id: string): StoredUpload | undefined {
    const [row] = this.#store.read('SELECT * FROM s3_uploads WHERE id = ?', id);
    return row && uploadRow.parse(row);
  }

  addUpload({ id, bucket, key, headers }: StoredUpload): void {
    this.#store.write('INSERT INTO s3_uploads VALUES (?, ?, ?, ?)', id, bucket, key, JSON.stringify(headers));
  }

  /** Forgets an upload and its parts. */
  removeUpload(id: string): void {
    this.#store.write('DELETE FROM s3_uploads WHERE id = ?', id);
    this.#store.write('DELETE FROM s3_parts WHERE upload = ?', id);
  }

  parts(upload: string): StoredPart[] {
    return this.#store
      .read('SELECT number, blob, size, etag FROM s3_parts WHERE upload = ? ORDER BY number', upload)
      .map((row) => partRow.parse(row));
  }

  putPart(upload: string, { number, blob, size, etag }: StoredPart): void {
    this.#store.write(
      'INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?, ?)',
      upload,
      number,
      blob,
      size,
      etag,
    );
  }

  /** The names of all files that an object or a part stands on. */
  blobs(): Set<string> {
    const rows: Row[] = this.#store.read('SELECT blob FROM s3_objects UNION ALL SELECT blob FROM s3_parts');
    return new Set(rows.map((row) => blobRow.parse(row).blob));
  }
}
