import type { Foundation } from '../../cloud.ts';
import { cloudEventIds } from '../../cloud-event-ids.ts';
import { AwsError } from '../../errors.ts';
import type { Protocol } from '../service.ts';
import { consumerArn } from './consumer-arn.ts';
import { invalidArgument, notFound, streamInUse } from './errors.ts';
import { evenRanges } from './hash-key.ts';
import { KinesisProtocol } from './protocol.ts';
import { KinesisStore, type StoredStream } from './store.ts';
import { type PutEntry, type ReadRecords, type StartingPosition, Stream } from './stream.ts';

export interface StreamDefinition {
  readonly name: string;
  /** @default 1, or 4 on demand ("an on-demand data stream ... with 4 shards") */
  readonly shardCount?: number | undefined;
  /** 24 hours to 365 days. @default 24 */
  readonly retentionHours?: number | undefined;
  /** @default PROVISIONED */
  readonly mode?: 'PROVISIONED' | 'ON_DEMAND' | undefined;
  /** The largest record in KiB, 1024 to 10240. @default 1024 */
  readonly maxRecordKiB?: number | undefined;
  /** Of a new stream. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_RECORD_KIB = 1024;

const ON_DEMAND_SHARDS = 4;
const LONGEST_RETENTION_HOURS = 8760;
const SHORTEST_RETENTION_HOURS = 24;

/**
 * Amazon Kinesis Data Streams. Streams are active at once; whatever resolves here would survive a crash.
 * All calls throw ResourceNotFoundException for a stream that is not there.
 */
export class Kinesis {
  readonly protocol: Protocol;
  readonly #foundation: Foundation;
  readonly #store: KinesisStore;
  readonly #streams = new Map<string, Stream>();
  #nextNumber: number;

  constructor(foundation: Foundation) {
    this.#foundation = foundation;
    this.#store = new KinesisStore(foundation.store);
    const stored = this.#store.streams();
    this.#nextNumber = Math.max(0, ...stored.map(({ number }) => number)) + 1;
    for (const stream of stored) this.#open(stream);
    this.protocol = new KinesisProtocol(this, foundation.clock);
  }

  arnOf(name: string): string {
    const { region, account } = this.#foundation;
    return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
  }

  names(): string[] {
    return [...this.#streams.keys()].sort();
  }

  /** By name or ARN. */
  stream(reference: string): Stream {
    const name = reference.split('/')[1] ?? reference;
    const found = this.#streams.get(name);
    if (found && (reference === name || reference === found.arn)) return found;
    throw notFound(`Stream ${name} under account ${this.#foundation.account} not found.`);
  }

  /** @throws ResourceInUseException when there is one, InvalidArgumentException */
  async createStream(definition: StreamDefinition): Promise<Stream> {
    const { name } = definition;
    if (this.#streams.has(name))
      throw streamInUse(`Stream ${name} under account ${this.#foundation.account} already exists.`);
    const stream = this.#create(definition);
    await this.committed();
    return stream;
  }

  /** Makes sure that the stream exists like this: what is there keeps its records, and is resharded where needed. */
  async ensureStream(definition: StreamDefinition): Promise<Stream> {
    const stream = this.#streams.get(definition.name);
    if (!stream) return this.createStream(definition);
    const { mode = 'PROVISIONED', retentionHours = SHORTEST_RETENTION_HOURS, shardCount = 1 } = definition;
    checkRetention(retentionHours);
    stream.change({ mode, retentionHours, maxRecordKiB: definition.maxRecordKiB ?? DEFAULT_RECORD_KIB });
    if (mode === 'PROVISIONED' && stream.openShards.length !== shardCount) stream.scaleTo(shardCount);
    await this.committed();
    return stream;
  }

  /** Makes sure that the consumer is registered: one that is there keeps its ARN. */
  async ensureConsumer(
    streamArn: string,
    name: string,
  ): Promise<{ readonly arn: string; readonly createdAt: number }> {
    const stream = this.stream(streamArn);
    const { consumers } = stream.state;
    const known = consumers.find((consumer) => consumer.name === name);
    const consumer = known ?? { name, createdAt: this.#foundation.clock.now() };
    if (!known) stream.change({ consumers: [...consumers, consumer] });
    await this.committed();
    return { arn: consumerArn(stream, consumer), createdAt: consumer.createdAt };
  }

  async deleteStream(reference: string): Promise<void> {
    const stream = this.stream(reference);
    this.#streams.delete(stream.name);
    stream.delete();
    await this.committed();
  }

  /** @throws ProvisionedThroughputExceededException; the caller awaits `committed()`. */
  put(stream: Stream, entry: PutEntry): { shardId: string; sequenceNumber: string } {
    const { trace, clock, metrics } = this.#foundation;
    const dimensions = { StreamName: stream.name };
    try {
      const put = stream.put(entry);
      metrics.record('AWS/Kinesis', 'IncomingRecords', dimensions, 1);
      const { partitionKey, data } = entry;
      const ids = { ...put, partitionKey, bytes: data.length, ...cloudEventIds(data) };
      trace.record({ at: clock.now(), service: 'kinesis', action: 'PutRecord', resource: stream.arn, ids });
      return put;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ProvisionedThroughputExceededException')
        metrics.record('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', dimensions, 1);
      throw error;
    }
  }

  /** "GetRecords.IteratorAgeMilliseconds": how old the last record of the answer is; 0 when there was none to read. */
  recordIteratorAge(stream: Stream, records: readonly { readonly at: number }[]): void {
    const { clock, metrics } = this.#foundation;
    const age = clock.now() - (records.at(-1)?.at ?? clock.now());
    metrics.record('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName: stream.name }, age);
  }

  /** For event source mappings: where a shard's reading begins. */
  positionAt(streamArn: string, shardId: string, start: StartingPosition): number {
    const stream = this.stream(streamArn);
    return stream.positionAt(stream.shard(shardId), start);
  }

  /** For event source mappings: reads outside the limits of `GetRecords`. */
  read(streamArn: string, shardId: string, position: number, limit: number): ReadRecords {
    const stream = this.stream(streamArn);
    return stream.read(stream.shard(shardId), position, limit);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  async close(): Promise<void> {
    await this.committed();
  }

  #create(definition: StreamDefinition): Stream {
    const { name, mode = 'PROVISIONED', retentionHours = SHORTEST_RETENTION_HOURS } = definition;
    const shardCount = definition.shardCount ?? (mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : 1);
    checkRetention(retentionHours);
    const stored: StoredStream = {
      number: this.#nextNumber++,
      name,
      nextPosition: 1,
      state: {
        createdAt: this.#foundation.clock.now(),
        retentionHours,
        mode,
        maxRecordKiB: definition.maxRecordKiB ?? DEFAULT_RECORD_KIB,
        nextShard: shardCount,
        tags: { ...definition.tags },
        consumers: [],
        shards: evenRanges(shardCount).map((range, index) => ({
          index,
          range,
          parents: [],
          firstPosition: 0,
        })),
      },
    };
    this.#store.save(stored);
    return this.#open(stored);
  }

  #open(stored: StoredStream): Stream {
    const { clock, account } = this.#foundation;
    const stream = new Stream(stored, { arn: this.arnOf(stored.name), account }, clock, this.#store);
    this.#streams.set(stored.name, stream);
    return stream;
  }
}

const checkRetention = (hours: number): void => {
  if (hours >= SHORTEST_RETENTION_HOURS && hours <= LONGEST_RETENTION_HOURS) return;
  throw invalidArgument(
    `Retention period hours ${hours} is not between ${SHORTEST_RETENTION_HOURS} and ${LONGEST_RETENTION_HOURS}`,
  );
};
