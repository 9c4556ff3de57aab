import type { Caller } from '../../ports.ts';

/** Where an event of a bucket goes. */
export type NotificationTarget = 'queue' | 'topic' | 'function';

/** One entry of a bucket's notification configuration. */
export interface Notification {
  readonly id: string;
  readonly target: NotificationTarget;
  readonly arn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete` ... */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

export type NotificationConfiguration = readonly Notification[];

/** Amazon S3 User Guide, "Event notification types and destinations": `*` stands for any last part. */
export const matches = (notification: Notification, eventName: string, key: string): boolean =>
  notification.events.some((pattern) => coversEvent(pattern, eventName)) &&
  key.startsWith(notification.prefix ?? '') &&
  key.endsWith(notification.suffix ?? '');

const coversEvent = (pattern: string, eventName: string): boolean =>
  pattern === `s3:${eventName}` ||
  (pattern.endsWith(':*') && `s3:${eventName}`.startsWith(pattern.slice(0, -1)));

/** S3 speaks to queues, topics and functions under its own name, on behalf of the bucket. */
export const notifierOf = (bucketArn: string): Caller => ({
  kind: 'service',
  service: 's3.amazonaws.com',
  sourceArn: bucketArn,
});
