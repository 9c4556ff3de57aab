import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { type Clock, SystemClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import { AwsError } from '../../../../local/errors.ts';
import { Gateway } from '../../../../local/gateway.ts';
import { PolicyEngine } from '../../../../local/iam/policy-engine.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import type { Caller, Publication } from '../../../../local/ports.ts';
import { DynamoDb } from '../../../../local/services/dynamodb/service.ts';
import { S3 } from '../../../../local/services/s3/service.ts';
import { Store } from '../../../../local/store.ts';
import { Trace } from '../../../../local/trace.ts';

export interface Delivered {
  readonly to: string;
  readonly body: string;
  readonly caller: Caller;
}

/** Destinations that remember what they get; `refusing` ones answer as a queue that is not there. */
export class Destinations {
  readonly delivered: Delivered[] = [];
  readonly refusing = new Set<string>();
  #waiting: (() => void)[] = [];

  readonly queues = {
    send: async (to: string, { body }: { body: string }, caller: Caller) => this.#take({ to, body, caller }),
  };
  readonly topics = {
    publish: async (to: string, { message }: Publication, caller: Caller) =>
      this.#take({ to, body: message, caller }),
  };
  readonly functions = {
    invoke: async () => {
      throw new Error('S3 invokes asynchronously');
    },
    invokeAsync: async (to: string, body: string, caller: Caller) => {
      this.#take({ to, body, caller });
    },
  };

  /** Resolves once that many have arrived. */
  async arrived(count: number): Promise<readonly Delivered[]> {
    while (this.delivered.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
    return this.delivered;
  }

  #take(delivered: Delivered): { messageId: string } {
    if (this.refusing.has(delivered.to)) throw new AwsError('QueueDoesNotExist', 'There is no such queue');
    this.delivered.push(delivered);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    return { messageId: String(this.delivered.length) };
  }
}

export interface StorageOptions {
  /** Kept when the storage closes; made and removed by the storage when left out. */
  readonly dataDir?: string;
  readonly clock?: Clock;
}

/** S3 and DynamoDB behind the gateway, as the cloud composes them, with destinations that only listen. */
export const startStorage = async ({ dataDir, clock = new SystemClock() }: StorageOptions = {}) => {
  const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'local-cloud-')));
  const gateway = new Gateway();
  const endpoint = await gateway.listen(0);
  const iam = new PolicyEngine('000000000000');
  const store = new Store(join(directory, 'state.sqlite'));
  const trace = new Trace();
  const place = { account: '000000000000', region: 'us-east-1', endpoint, dataDir: directory };
  const foundation: Foundation = { clock, store, trace, iam, metrics: new MetricStore(clock), ...place };
  const destinations = new Destinations();
  const s3 = new S3(foundation, destinations);
  const dynamodb = new DynamoDb(foundation);
  const protocols = new Map([
    ['s3', s3.protocol],
    ['dynamodb', dynamodb.protocol],
  ]);
  gateway.serve({ iam, protocols, upgrade: (_request, socket) => socket.destroy() });

  const close = async (): Promise<void> => {
    await s3.close();
    await dynamodb.close();
    await gateway.close();
    store.close();
    if (clock instanceof SystemClock) clock.close();
    if (dataDir === undefined) await rm(directory, { recursive: true });
  };
  return { s3, dynamodb, foundation, iam, endpoint, destinations, close };
};

export type Storage = Awaited<ReturnType<typeof startStorage>>;

/** @param credentials of a role; the account's administrator when left out. */
export const s3Client = (
  { endpoint }: Storage,
  credentials = { accessKeyId: 'test', secretAccessKey: 'test' },
): S3Client => new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
