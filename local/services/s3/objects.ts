import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import type { Blobs, Range } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import { Digest, type Expected } from './digest.ts';
import { entityTooLarge, entityTooSmall, noSuchKey, preconditionFailed, S3Error } from './errors.ts';
import type { Cause } from './event.ts';
import type { Headers, S3Store, StoredObject } from './store.ts';

/** Amazon S3 User Guide, "Conditional requests": both are decided at the moment in which the object would appear. */
export interface WriteConditions {
  /** Only `*`: the key must be free. */
  readonly ifNoneMatch?: string;
  /** The ETag that the present object must have. */
  readonly ifMatch?: string;
}

/** A body on its way in. */
export interface Body {
  readonly source: AsyncIterable<Uint8Array>;
  readonly expected: Expected;
  /** The checksum header that comes as a trailer. */
  readonly announced?: string;
  /** Bytes, both included. @default no bounds */
  readonly sizes?: { readonly min: number; readonly max: number };
}

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Headers;
  readonly conditions: WriteConditions;
}

const LONGEST_KEY = 1024;

/** Objects: a change is visible, told to the bucket's destinations and durable in one step. */
export class ObjectEngine {
  readonly #buckets: Buckets;
  readonly #store: S3Store;
  readonly #blobs: Blobs;
  readonly #clock: Clock;

  constructor(buckets: Buckets, store: S3Store, blobs: Blobs, clock: Clock) {
    this.#buckets = buckets;
    this.#store = store;
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /** @throws NoSuchBucket, NoSuchKey */
  get(bucket: string, key: string): StoredObject {
    this.#buckets.get(bucket);
    const object = this.#store.object(bucket, key);
    if (!object) throw noSuchKey(key);
    return object;
  }

  read(object: StoredObject, range?: Range): Promise<Readable> {
    return this.#blobs.read(object.blob, object.size, range);
  }

  /** Stores a body that no object stands on yet. */
  async receive({
    source,
    expected,
    announced,
    sizes,
  }: Body): Promise<{ blob: string; size: number; md5: Buffer }> {
    const digest = new Digest(expected, announced);
    const blob = await this.#blobs.write(source, (chunk) => {
      digest.update(chunk);
      if (sizes && digest.size > sizes.max) throw entityTooLarge(digest.size, sizes.max);
    });
    try {
      if (sizes && digest.size < sizes.min) throw entityTooSmall(digest.size, sizes.min);
      return { blob, ...digest.finish() };
    } catch (error) {
      await this.#blobs.remove([blob]);
      throw error;
    }
  }

  async put(upload: Upload, body: Body, cause: Cause): Promise<StoredObject> {
    this.check(upload);
    const { blob, size, md5 } = await this.receive(body);
    const headers = { ...upload.headers, ...Object.fromEntries(body.expected.checksums) };
    return this.commit({ ...upload, headers }, { blob, size, etag: md5.toString('hex') }, cause);
  }

  /** @throws KeyTooLongError, NoSuchBucket, PreconditionFailed, NoSuchKey */
  check({ bucket, key, conditions: { ifMatch, ifNoneMatch } }: Upload): void {
    if (Buffer.byteLength(key) > LONGEST_KEY)
      throw new S3Error('KeyTooLongError', 'Your key is too long', 400, {
        MaxSizeAllowed: String(LONGEST_KEY),
      });
    this.#buckets.get(bucket);
    if (ifMatch === undefined && ifNoneMatch === undefined) return;
    const present = this.#store.object(bucket, key);
    if (ifNoneMatch !== undefined && present) throw preconditionFailed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!present) throw noSuchKey(key);
    if (ifMatch.replaceAll('"', '') !== present.etag) throw preconditionFailed('If-Match');
  }

  /**
   * Makes a stored body the object, if its conditions still hold.
   * @param within writes what must be in the same transaction.
   */
  async commit(
    upload: Upload,
    content: { readonly blob: string; readonly size: number; readonly etag: string },
    cause: Cause,
    within: () => void = () => undefined,
  ): Promise<StoredObject> {
    const { bucket, key, headers } = upload;
    const object: StoredObject = { bucket, key, headers, ...content, modifiedMs: this.#clock.now() };
    try {
      this.check(upload);
    } catch (error) {
      await this.#blobs.remove([content.blob]);
      throw error;
    }
    const replaced = this.#store.object(bucket, key);
    this.#store.putObject(object);
    within();
    this.#buckets.tell(object, cause);
    await this.#store.committed();
    if (replaced) await this.#blobs.remove([replaced.blob]);
    return object;
  }

  /** An object that is not there is removed without an error, and is told of as if it had been there (recorded on AWS, 21-01-2025). */
  async remove(bucket: string, key: string, cause: Cause): Promise<void> {
    this.#buckets.get(bucket);
    const object = this.#store.object(bucket, key);
    if (object) this.#store.removeObject(bucket, key);
    this.#buckets.tell(object ?? { bucket, key, size: 0, etag: '' }, cause);
    await this.#store.committed();
    if (object) await this.#blobs.remove([object.blob]);
  }
}
