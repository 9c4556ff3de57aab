import type { Clock } from '../../clock.ts';
import type { HashKeyRange } from './hash-key.ts';

/** What is kept of a shard. */
export interface ShardDefinition {
  readonly index: number;
  readonly range: HashKeyRange;
  /** The shard that was split, or the two that were merged. */
  readonly parents: readonly number[];
  readonly firstPosition: number;
  /** Set once it is closed: nothing is put any more, what is there can still be read. */
  readonly closed?: { readonly at: number; readonly nextPosition: number } | undefined;
}

/** "1 MB/second and 1,000 records/second" in, "5 transactions per second" and 2 MB/second out (Kinesis guide, "Quotas and limits"). */
const WRITE_BYTES = 1024 * 1024;
const WRITE_RECORDS = 1000;
const READS = 5;
const READ_BYTES = 2 * 1024 * 1024;

export const shardIdOf = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

/** Of what is limited by the second: how much of the present one is used. */
class Second {
  readonly #clock: Clock;
  #started = Number.NEGATIVE_INFINITY;
  #used: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns false, and takes nothing, when that would be more than the limits. */
  take(...amounts: readonly { readonly of: number; readonly limit: number }[]): boolean {
    const now = this.#clock.now();
    if (now - this.#started >= 1000) {
      this.#started = now;
      this.#used = amounts.map(() => 0);
    }
    const used = amounts.map((amount, index) => (this.#used[index] ?? 0) + amount.of);
    if (amounts.some(({ limit }, index) => (used[index] ?? 0) > limit)) return false;
    this.#used = used;
    return true;
  }
}

/** One shard: a range of hash keys and its throughput. */
export class Shard {
  readonly id: string;
  definition: ShardDefinition;
  readonly #written: Second;
  readonly #read: Second;
  readonly #clock: Clock;
  #readableAt = Number.NEGATIVE_INFINITY;
  #writableAt = Number.NEGATIVE_INFINITY;

  constructor(definition: ShardDefinition, clock: Clock) {
    this.definition = definition;
    this.id = shardIdOf(definition.index);
    this.#written = new Second(clock);
    this.#read = new Second(clock);
    this.#clock = clock;
  }

  get open(): boolean {
    return this.definition.closed === undefined;
  }

  /**
   * A record larger than a second's share goes beyond it once, and is waited for until the shard is back at its rate:
   * "temporarily bursting beyond its sustained write throughput" (Kinesis guide, "Handle large records").
   * @returns false when the shard has no room for that record now
   */
  admitWrite(bytes: number): boolean {
    const now = this.#clock.now();
    if (now < this.#writableAt) return false;
    const isLarge = bytes > WRITE_BYTES;
    const share = { of: isLarge ? 0 : bytes, limit: WRITE_BYTES };
    const admitted = this.#written.take({ of: 1, limit: WRITE_RECORDS }, share);
    if (admitted && isLarge) this.#writableAt = now + (bytes / WRITE_BYTES) * 1000;
    return admitted;
  }

  /** @returns false when this second's reads are used up, or what was read last was too much for now. */
  admitRead(): boolean {
    return this.#clock.now() >= this.#readableAt && this.#read.take({ of: 1, limit: READS });
  }

  /**
   * "If a call to GetRecords returns 10 MB, subsequent calls made within the next 5 seconds throw
   * ProvisionedThroughputExceededException" (Kinesis API, "GetRecords"): what is above a second's share is waited for.
   */
  tookOut(bytes: number): void {
    if (bytes > READ_BYTES) this.#readableAt = this.#clock.now() + (bytes / READ_BYTES) * 1000;
  }
}
