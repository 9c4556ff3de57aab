import type { Clock, Timer } from '../../clock.ts';
import type { Shard } from './shard.ts';
import type { ReadRecords, Stream } from './stream.ts';

/** "After 5 minutes ... you need to call SubscribeToShard again" (Kinesis API, "SubscribeToShard"). */
const LIFE_MS = 5 * 60_000;
/** How long a consumer hears nothing at most: an event without records tells how far it is behind. */
const HEARTBEAT_MS = 5_000;
/** "2 MB/second" for each consumer of a shard (Kinesis guide, "Quotas and limits"). */
const BYTES_PER_MS = (2 * 1024 * 1024) / 1000;
const RECORDS_PER_EVENT = 1_000;

export interface SubscriptionEvent extends ReadRecords {
  /** Where a later subscription goes on: the sequence number of the last record that was sent. */
  readonly continuation: string;
  readonly children: readonly Shard[];
}

export interface Subscriber {
  /** Resolves once the consumer can take more. */
  send(event: SubscriptionEvent): Promise<void>;
  /** Nothing is sent any more. */
  ended(): void;
}

/** Enhanced fan-out: pushes the records of one shard to one consumer, each as soon as it is put. */
export class ShardSubscription {
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #stream: Stream;
  readonly #shard: Shard;
  readonly #subscriber: Subscriber;
  readonly #life: Timer;
  readonly #unwatch: () => void;
  #position: number;
  #next: Timer | undefined;
  #sending = false;
  #over = false;

  constructor(
    clock: Clock,
    {
      stream,
      shard,
      position,
    }: { readonly stream: Stream; readonly shard: Shard; readonly position: number },
    subscriber: Subscriber,
  ) {
    this.#clock = clock;
    this.#stream = stream;
    this.#shard = shard;
    this.#position = position;
    this.#subscriber = subscriber;
    this.startedAt = clock.now();
    this.#life = clock.after(LIFE_MS, () => this.end());
    this.#unwatch = stream.watch(() => this.#wake());
    void this.#push();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#life.cancel();
    this.#next?.cancel();
    this.#unwatch();
    this.#subscriber.ended();
  }

  #wake(): void {
    if (!this.#sending && !this.#over) void this.#push();
  }

  async #push(): Promise<void> {
    this.#next?.cancel();
    this.#sending = true;
    let bytes: number;
    do bytes = await this.#sendNext();
    while (bytes > 0 && !this.#over);
    this.#sending = false;
    if (!this.#over) this.#next = this.#clock.after(HEARTBEAT_MS, () => this.#wake());
  }

  /** @returns how many bytes went, after the time that they take. */
  async #sendNext(): Promise<number> {
    const read = this.#stream.read(this.#shard, this.#position, RECORDS_PER_EVENT);
    this.#position = read.nextPosition;
    await this.#subscriber.send({
      ...read,
      continuation: this.#stream.sequenceNumberOf(
        this.#shard.definition.index,
        Math.max(0, this.#position - 1),
      ),
      children: read.ended ? this.#stream.childrenOf(this.#shard) : [],
    });
    if (read.ended) this.end();
    const bytes = read.records.reduce((sum, { data }) => sum + data.length, 0);
    if (bytes > 0 && !this.#over) await this.#pause(bytes / BYTES_PER_MS);
    return bytes;
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(ms, resolve);
    return promise;
  }
}
