import { createHash, randomUUID } from 'node:crypto';
import type { Blobs } from './blobs.ts';
import { noSuchUpload, S3Error } from './errors.ts';
import type { Cause } from './event.ts';
import type { Body, ObjectEngine, WriteConditions } from './objects.ts';
import type { Headers, S3Store, StoredObject, StoredPart, StoredUpload } from './store.ts';

/** Amazon S3 User Guide, "Amazon S3 multipart upload limits"; the last part may be smaller. */
const SMALLEST_PART = 5 * 1024 * 1024;

export interface NamedPart {
  readonly number: number;
  readonly etag: string;
}

/** Uploads in parts: nothing is an object until they are put together. */
export class MultipartUploads {
  readonly #store: S3Store;
  readonly #blobs: Blobs;
  readonly #objects: ObjectEngine;

  constructor(store: S3Store, blobs: Blobs, objects: ObjectEngine) {
    this.#store = store;
    this.#blobs = blobs;
    this.#objects = objects;
  }

  async begin(bucket: string, key: string, headers: Headers): Promise<string> {
    this.#objects.check({ bucket, key, headers, conditions: {} });
    const id = randomUUID();
    this.#store.addUpload({ id, bucket, key, headers });
    await this.#store.committed();
    return id;
  }

  async put(uploadId: string, number: number, body: Body): Promise<string> {
    this.#get(uploadId);
    const { blob, size, md5 } = await this.#objects.receive(body);
    const replaced = this.#store.parts(uploadId).find((part) => part.number === number);
    const etag = md5.toString('hex');
    this.#store.putPart(uploadId, { number, blob, size, etag });
    await this.#store.committed();
    if (replaced) await this.#blobs.remove([replaced.blob]);
    return etag;
  }

  parts(uploadId: string): StoredPart[] {
    this.#get(uploadId);
    return this.#store.parts(uploadId);
  }

  /** @throws NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, PreconditionFailed */
  async complete(
    uploadId: string,
    named: readonly NamedPart[],
    conditions: WriteConditions,
    cause: Cause,
  ): Promise<StoredObject> {
    const upload = { ...this.#get(uploadId), conditions };
    const stored = this.#store.parts(uploadId);
    const parts = choose(stored, named);
    this.#objects.check(upload);
    const { blob, size } = await this.#objects.receive({
      source: this.#concatenate(parts),
      expected: { checksums: new Map() },
    });
    const md5 = createHash('md5');
    for (const part of parts) md5.update(part.etag, 'hex');
    const content = { blob, size, etag: `${md5.digest('hex')}-${parts.length}` };
    const object = await this.#objects.commit(upload, content, cause, () =>
      this.#store.removeUpload(uploadId),
    );
    await this.#blobs.remove(stored.map((part) => part.blob));
    return object;
  }

  async abort(uploadId: string): Promise<void> {
    this.#get(uploadId);
    const parts = this.#store.parts(uploadId);
    this.#store.removeUpload(uploadId);
    await this.#store.committed();
    await this.#blobs.remove(parts.map((part) => part.blob));
  }

  #get(uploadId: string): StoredUpload {
    const upload = this.#store.upload(uploadId);
    if (!upload) throw noSuchUpload(uploadId);
    return upload;
  }

  async *#concatenate(parts: readonly StoredPart[]): AsyncGenerator<Buffer> {
    for (const part of parts) yield* await this.#blobs.read(part.blob, part.size);
  }
}

const choose = (stored: readonly StoredPart[], named: readonly NamedPart[]): StoredPart[] =>
  named.map(({ number, etag }, index) => {
    const before = named[index - 1];
    if (before && before.number >= number)
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.', 400);
    const part = stored.find((one) => one.number === number && one.etag === etag);
    if (!part)
      throw new S3Error(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part’s entity tag.',
        400,
        { PartNumber: String(number) },
      );
    if (part.size < SMALLEST_PART && index < named.length - 1)
      throw new S3Error(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(SMALLEST_PART),
        },
      );
    return part;
  });
