import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, Functions, Objects, Queues, Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import type { NotificationConfiguration } from './notification-configuration.ts';

export interface S3Ports {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly functions: Functions;
}

export interface CorsRule {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

const notYet = (): never => {
  throw new AwsError('NotImplemented', 'S3 is not there yet', 501);
};

/** Amazon S3: buckets, objects and their notifications. */
export class S3 implements Objects {
  readonly protocol: Protocol = { handle: async () => notYet() };

  constructor(_foundation: Foundation, _ports: S3Ports) {}

  /** Makes sure that the bucket is there; keeps its objects. */
  async createBucket(_bucket: string): Promise<void> {
    notYet();
  }

  /** Replaces the configuration; queues and topics that are new in it get an `s3:TestEvent`. */
  async putNotifications(_bucket: string, _configuration: NotificationConfiguration): Promise<void> {
    notYet();
  }

  async putCors(_bucket: string, _rules: readonly CorsRule[]): Promise<void> {
    notYet();
  }

  async put(
    _bucket: string,
    _key: string,
    _body: Uint8Array,
    _caller: Caller,
    _contentType?: string,
  ): Promise<void> {
    notYet();
  }

  /** Removes an object; one that is not there is no error. */
  async delete(_bucket: string, _key: string, _caller: Caller): Promise<void> {
    notYet();
  }

  /** The keys under a prefix, in order. */
  keys(_bucket: string, _prefix: string): string[] {
    return notYet();
  }

  async close(): Promise<void> {}
}
