import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Foundation } from '../../cloud.ts';
import type { Caller, Objects } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import { Blobs } from './blobs.ts';
import { arnOf, Buckets } from './buckets.ts';
import type { CorsRule } from './cors.ts';
import { list } from './listing.ts';
import { MultipartUploads } from './multipart.ts';
import type { NotificationConfiguration } from './notification-configuration.ts';
import { Notifier, type NotifierPorts } from './notifier.ts';
import { ObjectEngine } from './objects.ts';
import { S3Protocol } from './protocol.ts';
import { S3Store } from './store.ts';

/** Amazon S3: buckets, objects and the notifications of what happens to them. */
export class S3 implements Objects {
  readonly protocol: Protocol;
  readonly #foundation: Foundation;
  readonly #store: S3Store;
  readonly #notifier: Notifier;
  readonly #buckets: Buckets;
  readonly #objects: ObjectEngine;

  constructor(foundation: Foundation, ports: NotifierPorts) {
    this.#foundation = foundation;
    this.#store = new S3Store(foundation.store);
    const blobs = new Blobs(join(foundation.dataDir, 'objects'));
    blobs.keepOnly(this.#store.blobs());
    this.#notifier = new Notifier(foundation, ports);
    this.#buckets = new Buckets(foundation, this.#store, this.#notifier);
    this.#objects = new ObjectEngine(this.#buckets, this.#store, blobs, foundation.clock);
    this.protocol = new S3Protocol({
      foundation,
      store: this.#store,
      buckets: this.#buckets,
      objects: this.#objects,
      multipart: new MultipartUploads(this.#store, blobs, this.#objects),
    });
  }

  /** Makes sure that the bucket is there; keeps its objects. @throws InvalidBucketName */
  createBucket(bucket: string): Promise<void> {
    return this.#buckets.ensure(bucket);
  }

  /**
   * Replaces the configuration; queues and topics that are new in it get an `s3:TestEvent`.
   * @throws NoSuchBucket, InvalidArgument when a destination does not admit S3.
   */
  putNotifications(bucket: string, configuration: NotificationConfiguration): Promise<void> {
    return this.#buckets.putNotifications(bucket, configuration);
  }

  putCors(bucket: string, rules: readonly CorsRule[]): Promise<void> {
    return this.#buckets.putCors(bucket, rules);
  }

  /** @throws NoSuchBucket, AccessDenied */
  async put(
    bucket: string,
    key: string,
    body: Uint8Array,
    caller: Caller,
    contentType = 'binary/octet-stream',
  ): Promise<void> {
    this.#foundation.iam.authorize(caller, 's3:PutObject', arnOf(bucket, key));
    await this.#objects.put(
      { bucket, key, headers: { 'content-type': contentType }, conditions: {} },
      { source: once(body), expected: { checksums: new Map() } },
      { requestId: randomUUID(), caller, event: 'ObjectCreated:Put' },
    );
  }

  /** Removes an object; one that is not there is no error. @throws NoSuchBucket, AccessDenied */
  async delete(bucket: string, key: string, caller: Caller): Promise<void> {
    this.#foundation.iam.authorize(caller, 's3:DeleteObject', arnOf(bucket, key));
    await this.#objects.remove(bucket, key, {
      requestId: randomUUID(),
      caller,
      event: 'ObjectRemoved:Delete',
    });
  }

  /** The keys under a prefix, in order. @throws NoSuchBucket */
  keys(bucket: string, prefix = ''): string[] {
    this.#buckets.get(bucket);
    const options = { bucket, prefix, delimiter: '', after: '', max: Number.MAX_SAFE_INTEGER };
    return list(this.#store, options).objects.map(({ key }) => key);
  }

  close(): Promise<void> {
    return this.#notifier.close();
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
