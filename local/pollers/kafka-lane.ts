import type { EachBatchPayload } from 'kafkajs';
import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Invocation } from '../ports.ts';
import type { PollTarget } from './event-source.ts';
import { filterable, type KafkaOrigin, type KafkaRecord, kafkaEvent, kafkaRecord } from './kafka-event.ts';
import { doneBefore } from './kafka-response.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { type Exhausted, StreamAttempts } from './stream-attempts.ts';

/** "The 6 MB payload limit" of an invocation, less what is around the records. */
const BATCH_BYTES = 6 * 1024 * 1024 - 1024;

const COMMIT_AGAIN_MS = 500;

export interface KafkaItem {
  readonly record: KafkaRecord;
  readonly at: number;
}

export interface KafkaLaneSurroundings {
  readonly foundation: Foundation;
  readonly settings: KafkaSettings;
  readonly target: PollTarget;
  readonly origin: KafkaOrigin;
  /** The mapping ends: nothing new is begun, and what ends now is still committed. */
  stopped(): boolean;
  /** Another member has the partition: what is done now is not for this one to commit. */
  lost(): boolean;
  /** Ends early in both cases. */
  sleep(ms: number): Promise<void>;
  giveUp(partition: string, exhausted: Exhausted<KafkaItem>): Promise<void>;
}

type Fetched = Pick<
  EachBatchPayload,
  'batch' | 'resolveOffset' | 'commitOffsetsIfNecessary' | 'isRunning' | 'isStale'
>;

/**
 * Hands what was fetched of one partition to the function, strictly in order. An offset is committed only when its record
 * has been handled or given up: whoever takes the partition over goes on there.
 */
export class KafkaLane {
  readonly #around: KafkaLaneSurroundings;
  readonly #fetched: Fetched;
  readonly #partition: string;
  readonly #attempts: StreamAttempts<KafkaItem>;

  constructor(surroundings: KafkaLaneSurroundings, fetched: Fetched) {
    const { foundation, settings, giveUp, sleep } = surroundings;
    this.#around = surroundings;
    this.#fetched = fetched;
    this.#partition = `${fetched.batch.topic}-${fetched.batch.partition}`;
    this.#attempts = new StreamAttempts<KafkaItem>({
      rules: settings,
      now: () => foundation.clock.now(),
      stopped: () => this.#lost() || surroundings.stopped(),
      sleep,
      invoke: (items) => this.#invoke(items),
      succeeded: (invocation, items) => this.#succeeded(invocation, items),
      checkpoint: ({ record }) => this.#commit(record.offset),
      // Whoever has the partition now tries it again, and gives it up.
      giveUp: async (exhausted) => {
        if (!this.#lost()) await giveUp(this.#partition, exhausted);
      },
    });
  }

  async run(): Promise<void> {
    const { batch } = this.#fetched;
    const { filter } = this.#around.settings;
    const wanted: KafkaItem[] = batch.messages
      .map((message) => kafkaRecord(message, batch.topic, batch.partition))
      .filter((record) => filter(() => filterable(record)))
      .map((record) => ({ record, at: record.timestamp }));
    for (const items of this.#invocations(wanted)) {
      if (!(await this.#attempts.handle(items))) return;
    }
    // Also past what the filter dropped.
    await this.#commit(Number(batch.lastOffset()));
  }

  #lost(): boolean {
    const { isRunning, isStale } = this.#fetched;
    return this.#around.lost() || !isRunning() || isStale();
  }

  #invocations(items: readonly KafkaItem[]): KafkaItem[][] {
    const batches: KafkaItem[][] = [];
    let bytes = 0;
    for (const item of items) {
      const size = Buffer.byteLength(JSON.stringify(item.record)) + 1;
      const current = batches.at(-1);
      const fits = current && current.length < this.#around.settings.batchSize && bytes + size <= BATCH_BYTES;
      if (fits) current.push(item);
      else batches.push([item]);
      bytes = fits ? bytes + size : size;
    }
    return batches;
  }

  async #invoke(items: readonly KafkaItem[]): Promise<Invocation | 'throttled'> {
    const { target, origin } = this.#around;
    const records = items.map(({ record }) => record);
    try {
      return await target.invoke(JSON.stringify(kafkaEvent(origin, this.#partition, records)));
    } catch (error) {
      if (error instanceof AwsError && error.isPassing) return 'throttled';
      const errorMessage = error instanceof Error ? error.message : String(error);
      const payload = JSON.stringify({ errorMessage });
      return { statusCode: 500, payload, functionError: 'Unhandled', logTail: '', requestId: '' };
    }
  }

  #succeeded(invocation: Invocation, items: readonly KafkaItem[]): number {
    if (invocation.functionError) return 0;
    if (!this.#around.settings.reportsItemFailures) return items.length;
    const offsets = items.map(({ record }) => record.offset);
    return doneBefore(invocation.payload, this.#partition, offsets);
  }

  /** While the group changes or the broker is away nothing can be committed: it is tried until it can, or the partition is lost. */
  async #commit(offset: number): Promise<void> {
    const { batch, resolveOffset, commitOffsetsIfNecessary } = this.#fetched;
    const partitions = [{ partition: batch.partition, offset: String(offset + 1) }];
    while (!this.#lost()) {
      resolveOffset(String(offset));
      try {
        await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions }] });
        return;
      } catch {
        if (this.#around.stopped()) return;
        await this.#around.sleep(COMMIT_AGAIN_MS);
      }
    }
  }
}
