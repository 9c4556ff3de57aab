import type { Batch } from 'kafkajs';
import type { Clock } from '../clock.ts';
import type { KafkaSettings } from './kafka-settings.ts';

/** How often it is looked whether a batch is full before the window ends. */
const LOOK_AGAIN_MS = 1_000;

type Fetched = Pick<Batch, 'partition' | 'messages' | 'highWatermark' | 'firstOffset' | 'lastOffset'>;

/**
 * Gathers records before an invocation ("MaximumBatchingWindowInSeconds"). The window begins with the first record that
 * waits. The broker could gather, too, but would answer nothing else meanwhile: the group would take the member for dead.
 */
export class KafkaWindow {
  readonly #clock: Clock;
  readonly #settings: Pick<KafkaSettings, 'windowMs' | 'batchSize'>;
  readonly #begun = new Map<number, { readonly offset: string | null; readonly at: number }>();

  constructor(clock: Clock, settings: Pick<KafkaSettings, 'windowMs' | 'batchSize'>) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** How long to wait before it is fetched again with what has come, in milliseconds; 0 when it is to be handled now. */
  left(batch: Fetched): number {
    const { windowMs, batchSize } = this.#settings;
    if (batch.messages.length >= batchSize || hasMore(batch)) return 0;
    const now = this.#clock.now();
    const offset = batch.firstOffset();
    const known = this.#begun.get(batch.partition);
    const begun = known?.offset === offset ? known : { offset, at: now };
    this.#begun.set(batch.partition, begun);
    return Math.min(LOOK_AGAIN_MS, Math.max(0, begun.at + windowMs - now));
  }
}

/** There is more in the partition than one answer holds. */
const hasMore = (batch: Fetched): boolean => BigInt(batch.lastOffset()) + 1n < BigInt(batch.highWatermark);
