import type { Caller } from '../../ports.ts';
import type { StoredObject } from './store.ts';

/** What an event tells of an object. */
export type ChangedObject = Pick<StoredObject, 'bucket' | 'key' | 'size' | 'etag'>;

/** Who and what made an object change. */
export interface Cause {
  readonly requestId: string;
  readonly caller: Caller;
  /** `ObjectCreated:Put`, `ObjectRemoved:Delete` ... */
  readonly event: string;
}

const principalOf = (caller: Caller, account: string): string =>
  caller.kind === 'role' ? `AWS:${caller.roleArn.split('/').at(-1)}:${caller.session}` : `AWS:${account}`;

/** Keys are encoded as in a form: a blank becomes `+`, a slash stays. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+').replaceAll('%7E', '~');

let lastSequence = 0n;
/** Grows with every event, also over a restart: events of one key are ordered by it. */
const nextSequencer = (nowMs: number): string => {
  const sequence = BigInt(Math.trunc(nowMs)) << 16n;
  lastSequence = sequence > lastSequence ? sequence : lastSequence + 1n;
  return lastSequence.toString(16).toUpperCase().padStart(18, '0');
};

export interface Surroundings {
  readonly account: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly nowMs: number;
}

/** Amazon S3 User Guide, "Event message structure" (version 2.1); a removed object has neither size nor ETag. */
export const eventMessage = (
  { event, requestId, caller }: Cause,
  configurationId: string,
  object: ChangedObject,
  { account, region, bucketArn, nowMs }: Surroundings,
): string => {
  const created = event.startsWith('ObjectCreated:') ? { size: object.size, eTag: object.etag } : {};
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(nowMs).toISOString(),
    eventName: event,
    userIdentity: { principalId: principalOf(caller, account) },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: object.bucket, ownerIdentity: { principalId: account }, arn: bucketArn },
      object: { key: encodeKey(object.key), ...created, sequencer: nextSequencer(nowMs) },
    },
  };
  return JSON.stringify({ Records: [record] });
};

/** What S3 sends to a queue or topic when it is put into a configuration. */
export const testMessage = (bucket: string, requestId: string, nowMs: number): string =>
  JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(nowMs).toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: requestId,
  });
