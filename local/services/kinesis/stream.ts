import type { Clock } from '../../clock.ts';
import { invalidArgument, notFound, rateExceeded } from './errors.ts';
import { covers, type HashKeyRange, hashKeyOf } from './hash-key.ts';
import { reshardPlan } from './resharding.ts';
import { parseSequenceNumber, sequenceNumber } from './sequence-number.ts';
import { Shard, shardIdOf } from './shard.ts';
import type { KinesisStore, StoredRecord, StoredStream, StreamState } from './store.ts';

export interface StreamRecord extends StoredRecord {
  readonly sequenceNumber: string;
}

export interface PutEntry {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  readonly explicitHashKey?: bigint | undefined;
}

export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly at: number }
  | { readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

export interface ReadRecords {
  readonly records: readonly StreamRecord[];
  readonly nextPosition: number;
  /** The shard is closed, and nothing follows. */
  readonly ended: boolean;
  readonly millisBehindLatest: number;
}

export interface StreamNames {
  readonly arn: string;
  readonly account: string;
}

const HOUR_MS = 3_600_000;
const TRIM_EVERY_MS = 60_000;
/** "The maximum size of data that GetRecords can return is 10 MiB" (Kinesis API, "GetRecords"). */
const READ_BYTES = 10 * 1024 * 1024;

/** A data stream: records in the order in which they came, by shard, until they are older than the retention period. */
export class Stream {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly #number: number;
  readonly #clock: Clock;
  readonly #store: KinesisStore;
  readonly #watchers = new Set<() => void>();
  #state: StreamState;
  #shards: Shard[];
  #nextPosition: number;
  #trimmedAt = Number.NEGATIVE_INFINITY;

  constructor(stored: StoredStream, { arn, account }: StreamNames, clock: Clock, store: KinesisStore) {
    this.name = stored.name;
    this.arn = arn;
    this.account = account;
    this.#number = stored.number;
    this.#clock = clock;
    this.#store = store;
    this.#state = stored.state;
    this.#shards = stored.state.shards.map((shard) => new Shard(shard, clock));
    this.#nextPosition = stored.nextPosition;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** What came before is forgotten. Milliseconds since the epoch. */
  get trimHorizon(): number {
    return Math.max(this.#horizon(), this.#state.createdAt);
  }

  /** Milliseconds since the epoch. */
  openedAt({ definition: { parents } }: Shard): number {
    const closings = parents.flatMap((index) => this.#shards[index]?.definition.closed?.at ?? []);
    return Math.max(this.#state.createdAt, ...closings);
  }

  /** Without shards whose last record is past the retention period. */
  get shards(): readonly Shard[] {
    const horizon = this.#horizon();
    return this.#shards.filter(({ definition: { closed } }) => !closed || closed.at >= horizon);
  }

  get openShards(): readonly Shard[] {
    return this.#shards.filter(({ open }) => open);
  }

  /** @throws ResourceNotFoundException */
  shard(id: string): Shard {
    const found = this.shards.find((shard) => shard.id === id);
    if (found) return found;
    throw notFound(`Shard ${id} in stream ${this.name} under account ${this.account} does not exist`);
  }

  sequenceNumberOf(shard: number, position: number): string {
    return sequenceNumber({ createdAt: this.#state.createdAt, position, shard });
  }

  /** @throws ProvisionedThroughputExceededException; the caller awaits the commit. */
  put({ data, partitionKey, explicitHashKey }: PutEntry): { shardId: string; sequenceNumber: string } {
    const key = explicitHashKey ?? hashKeyOf(partitionKey);
    const shard = this.openShards.find(({ definition }) => covers(definition.range, key));
    if (!shard) throw invalidArgument(`No shard covers the hash key ${key}`);
    if (!shard.admitWrite(data.length + Buffer.byteLength(partitionKey)))
      throw rateExceeded(shard.id, this.name, this.account);
    this.#trim();
    const position = this.#nextPosition++;
    const { index } = shard.definition;
    const at = this.#clock.now();
    this.#store.append(this.#number, index, { position, at, partitionKey, data });
    this.#changed();
    return { shardId: shard.id, sequenceNumber: this.sequenceNumberOf(index, position) };
  }

  /** The position in a shard at which reading begins. @throws InvalidArgumentException */
  positionAt(shard: Shard, start: StartingPosition): number {
    const { index, closed } = shard.definition;
    const latest = closed?.nextPosition ?? this.#nextPosition;
    switch (start.type) {
      case 'TRIM_HORIZON':
        return 0;
      case 'LATEST':
        return latest;
      case 'AT_TIMESTAMP':
        if (start.at > this.#clock.now())
          throw invalidArgument(
            `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${start.at}, currentTimestampInMillis: ${this.#clock.now()}`,
          );
        return this.#store.firstSince(this.#number, index, start.at) ?? latest;
      default: {
        const known = parseSequenceNumber(start.sequenceNumber);
        if (!known || known.shard !== index || known.createdAt !== this.#state.createdAt)
          throw invalidArgument(
            `Invalid StartingSequenceNumber ${start.sequenceNumber} for ${shard.id} in stream ${this.name} under account ${this.account}.`,
          );
        return known.position + (start.type === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0);
      }
    }
  }

  read(shard: Shard, position: number, limit: number): ReadRecords {
    const { index, closed } = shard.definition;
    const now = this.#clock.now();
    const from = [this.#number, index, position, this.#horizon()] as const;
    const sizes = this.#store.sizes(...from, limit + 1);
    let bytes = 0;
    let count = 0;
    for (const size of sizes.slice(0, limit)) {
      bytes += size;
      if (count > 0 && bytes > READ_BYTES) break;
      count += 1;
    }
    const taken = count > 0 ? this.#store.read(...from, count) : [];
    const more = sizes.length > count;
    const last = taken.at(-1);
    return {
      records: taken.map((row) => ({ ...row, sequenceNumber: this.sequenceNumberOf(index, row.position) })),
      nextPosition: last ? last.position + 1 : position,
      ended: closed !== undefined && !more,
      millisBehindLatest: more && last ? now - last.at : 0,
    };
  }

  childrenOf(shard: Shard): Shard[] {
    return this.#shards.filter(({ definition }) => definition.parents.includes(shard.definition.index));
  }

  /** @throws ResourceNotFoundException, InvalidArgumentException */
  split(shardId: string, at: bigint): void {
    const shard = this.#openShard(shardId);
    const { start, end } = shard.definition.range;
    if (at <= start || at > end)
      throw invalidArgument(
        `NewStartingHashKey ${at} used in SplitShard() on shard ${shardId} in stream ${this.name} under account ${this.account} is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's EndingHashKey ${end - 1n}.`,
      );
    this.#replace(
      [shard],
      [
        { start, end: at - 1n },
        { start: at, end },
      ],
    );
    this.#save();
  }

  /** @throws ResourceNotFoundException, InvalidArgumentException */
  merge(shardId: string, adjacentId: string): void {
    const pair = [this.#openShard(shardId), this.#openShard(adjacentId)];
    const [low, high] = pair
      .map(({ definition }) => definition.range)
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    if (!low || !high || low.end + 1n !== high.start)
      throw invalidArgument(
        `Shards ${shardId} and ${adjacentId} in stream ${this.name} under account ${this.account} are not an adjacent pair of shards eligible for merging`,
      );
    this.#replace(pair, [{ start: low.start, end: high.end }]);
    this.#save();
  }

  /** Splits and merges until there are `count` open shards of equal size. */
  scaleTo(count: number): void {
    for (const step of reshardPlan(
      this.openShards.map(({ definition }) => definition.range),
      count,
    )) {
      const parents = this.openShards.filter(({ definition }) => covers(step, definition.range.start));
      const [only] = parents;
      if (only && step.at !== undefined) this.split(only.id, step.at);
      else this.#replace(parents, [step]);
    }
    this.#save();
  }

  /** Retention, consumers, mode, tags. */
  change(
    change: Partial<Pick<StreamState, 'retentionHours' | 'consumers' | 'mode' | 'tags' | 'maxRecordKiB'>>,
  ): void {
    this.#state = { ...this.#state, ...change };
    this.#save();
  }

  /** Calls after every put and every change of shards. @returns the function that ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  delete(): void {
    this.#store.delete(this.#number);
    this.#changed();
  }

  #openShard(id: string): Shard {
    const shard = this.shard(id);
    if (shard.open) return shard;
    throw invalidArgument(
      `Shard ${shardIdOf(shard.definition.index)} in stream ${this.name} under account ${this.account} has already been merged or split, and thus is not eligible for merging or splitting.`,
    );
  }

  #replace(parents: readonly Shard[], ranges: readonly HashKeyRange[]): void {
    const closed = { at: this.#clock.now(), nextPosition: this.#nextPosition };
    for (const parent of parents) parent.definition = { ...parent.definition, closed };
    const { nextShard } = this.#state;
    const children = ranges.map(({ start, end }, offset) => ({
      index: nextShard + offset,
      range: { start, end },
      parents: parents.map(({ definition }) => definition.index),
      firstPosition: this.#nextPosition,
    }));
    this.#shards.push(...children.map((child) => new Shard(child, this.#clock)));
    this.#state = { ...this.#state, nextShard: nextShard + ranges.length };
  }

  #save(): void {
    this.#state = { ...this.#state, shards: this.#shards.map(({ definition }) => definition) };
    const { name, state } = this;
    this.#store.save({ number: this.#number, name, nextPosition: this.#nextPosition, state });
    this.#changed();
  }

  #horizon(): number {
    return this.#clock.now() - this.#state.retentionHours * HOUR_MS;
  }

  #trim(): void {
    if (this.#clock.now() - this.#trimmedAt < TRIM_EVERY_MS) return;
    this.#trimmedAt = this.#clock.now();
    this.#store.trim(this.#number, this.#horizon());
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
