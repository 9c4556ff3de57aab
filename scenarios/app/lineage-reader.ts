import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import type { App } from './app.ts';

/** A record as a consumer of the stream sees it. */
export interface Seen {
  readonly shard: string;
  readonly sequenceNumber: string;
  readonly key: string;
  readonly text: string;
  readonly at: Date;
}

export type From = Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'Timestamp'>;

export const fromTheBeginning: From = { ShardIteratorType: 'TRIM_HORIZON' };

/** What is put after the first read. */
export const fromNow: From = { ShardIteratorType: 'LATEST' };

/**
 * A consumer of its own: reads all shards, each to its end before those that it was split or merged into
 * (Kinesis guide, "Resharding a stream": to read in order, parents come first).
 */
export class LineageReader {
  readonly seen: Seen[] = [];
  readonly #app: App;
  readonly #stream: string;
  readonly #from: From;
  readonly #iterators = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(app: App, streamName: string, from: From = fromTheBeginning) {
    this.#app = app;
    this.#stream = streamName;
    this.#from = from;
  }

  /** Reads on, once from each shard that may be read now. A shard allows 5 reads a second. */
  async readOn(): Promise<readonly Seen[]> {
    const shards = await this.#shards();
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId = '', ParentShardId, AdjacentParentShardId } of shards) {
      const parents = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined);
      const ready = parents.every((parent) => this.#ended.has(parent) || !known.has(parent));
      if (ready && !this.#ended.has(ShardId)) await this.#read(ShardId);
    }
    return this.seen;
  }

  async #read(shard: string): Promise<void> {
    const ShardIterator = this.#iterators.get(shard) ?? (await this.#start(shard));
    const { Records = [], NextShardIterator } = await this.#app.kinesis.send(
      new GetRecordsCommand({ ShardIterator, Limit: 10_000 }),
    );
    for (const { SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp } of Records) {
      this.seen.push({
        shard,
        sequenceNumber: SequenceNumber ?? '',
        key: PartitionKey ?? '',
        text: Buffer.from(Data ?? []).toString(),
        at: ApproximateArrivalTimestamp ?? new Date(Number.NaN),
      });
    }
    if (NextShardIterator === undefined) this.#ended.add(shard);
    else this.#iterators.set(shard, NextShardIterator);
  }

  async #start(ShardId: string): Promise<string | undefined> {
    const { ShardIterator } = await this.#app.kinesis.send(
      new GetShardIteratorCommand({ StreamName: this.#stream, ShardId, ...this.#from }),
    );
    return ShardIterator;
  }

  async #shards(): Promise<Shard[]> {
    const { Shards = [] } = await this.#app.kinesis.send(new ListShardsCommand({ StreamName: this.#stream }));
    return Shards;
  }
}
