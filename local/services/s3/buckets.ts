import { randomUUID } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { CorsRule } from './cors.ts';
import { invalidArgument, noSuchBucket, S3Error } from './errors.ts';
import { type Cause, type ChangedObject, eventMessage, testMessage } from './event.ts';
import {
  matches,
  type Notification,
  type NotificationConfiguration,
  notifierOf,
} from './notification-configuration.ts';
import type { Notifier } from './notifier.ts';
import type { S3Store, StoredBucket } from './store.ts';

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
const validName = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;

/** What S3 does to each kind of destination, and the service that its ARN must name. */
const destinations = {
  queue: { element: 'Queue', service: 'sqs', action: 'sqs:SendMessage' },
  topic: { element: 'Topic', service: 'sns', action: 'sns:Publish' },
  function: { element: 'CloudFunction', service: 'lambda', action: 'lambda:InvokeFunction' },
} as const;

/** Buckets and their configuration; a bucket knows whom to tell of its objects. */
export class Buckets {
  readonly #foundation: Foundation;
  readonly #store: S3Store;
  readonly #notifier: Notifier;
  readonly #buckets: Map<string, StoredBucket>;

  constructor(foundation: Foundation, store: S3Store, notifier: Notifier) {
    this.#foundation = foundation;
    this.#store = store;
    this.#notifier = notifier;
    this.#buckets = new Map(store.buckets().map((bucket) => [bucket.name, bucket]));
  }

  all(): StoredBucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws NoSuchBucket */
  get(name: string): StoredBucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  /** Makes sure that the bucket is there; keeps its objects. @throws InvalidBucketName */
  async ensure(name: string): Promise<void> {
    if (this.#buckets.has(name)) return;
    if (!validName.test(name))
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    const createdMs = this.#foundation.clock.now();
    this.#buckets.set(name, { name, createdMs, notifications: [], cors: [] });
    this.#store.addBucket(name, createdMs);
    await this.#store.committed();
  }

  /** @throws NoSuchBucket, BucketNotEmpty */
  async remove(name: string): Promise<void> {
    this.get(name);
    if (this.#store.objects(name, '', '', 1).length > 0)
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    this.#buckets.delete(name);
    this.#store.removeBucket(name);
    await this.#store.committed();
  }

  async putCors(name: string, cors: readonly CorsRule[]): Promise<void> {
    await this.#configure({ ...this.get(name), cors });
  }

  /**
   * Replaces the notification configuration. Every destination must admit S3, as on AWS; queues and topics that
   * are new in it get an `s3:TestEvent`. The same configuration once more, as at each start, does nothing.
   * @param unchecked `SkipDestinationValidation`: whether the destinations admit S3 is seen when something is sent.
   * @throws InvalidArgument
   */
  async putNotifications(
    name: string,
    notifications: NotificationConfiguration,
    unchecked = false,
  ): Promise<void> {
    const bucket = this.get(name);
    if (JSON.stringify(bucket.notifications) === JSON.stringify(notifications)) return;
    for (const notification of notifications) checkArn(notification);
    if (!unchecked) for (const notification of notifications) this.#checkPermission(bucket, notification);

    const known = new Set(bucket.notifications.map(({ arn }) => arn));
    for (const { target, arn } of notifications) {
      if (target === 'function' || known.has(arn)) continue;
      known.add(arn);
      const body = testMessage(name, randomUUID(), this.#foundation.clock.now());
      this.#notifier.journal(arnOf(name), { target, arn }, body);
    }
    await this.#configure({ ...bucket, notifications });
  }

  /** Journals a change for every destination that wants to know; part of the present transaction. */
  tell(object: ChangedObject, cause: Cause): void {
    const { account, region, clock } = this.#foundation;
    const bucketArn = arnOf(object.bucket);
    for (const notification of this.get(object.bucket).notifications) {
      if (!matches(notification, cause.event, object.key)) continue;
      const surroundings = { account, region, bucketArn, nowMs: clock.now() };
      this.#notifier.journal(
        bucketArn,
        notification,
        eventMessage(cause, notification.id, object, surroundings),
        { cause: cause.requestId, key: object.key },
      );
    }
  }

  async #configure(bucket: StoredBucket): Promise<void> {
    this.#buckets.set(bucket.name, bucket);
    this.#store.configure(bucket.name, bucket);
    await this.#store.committed();
  }

  #checkPermission({ name }: StoredBucket, { target, arn }: Notification): void {
    const { action } = destinations[target];
    try {
      this.#foundation.iam.authorize(notifierOf(arnOf(name)), action, arn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new S3Error(
        'InvalidArgument',
        `Unable to validate the following destination configurations: ${error.message}`,
        400,
        {
          ArgumentName1: arn,
          ArgumentValue1: 'Permissions on the destination do not allow S3 to publish to it',
        },
      );
    }
  }
}

/** All of them, before any destination is asked (recorded on AWS, 21-01-2025). */
const checkArn = ({ target, arn }: Notification): void => {
  const { element, service } = destinations[target];
  if (!arn.startsWith(`arn:aws:${service}:`))
    throw invalidArgument('The ARN could not be parsed', element, arn);
};

export const arnOf = (bucket: string, key?: string): string =>
  key === undefined ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
