import { hashKeyOf } from '../services/kinesis/hash-key.ts';
import type { Shard } from '../services/kinesis/shard.ts';
import type { Stream } from '../services/kinesis/stream.ts';
import { filterable, type KinesisRecord, kinesisRecord, type RecordOrigin } from './kinesis-event.ts';
import type { KinesisSettings } from './kinesis-settings.ts';
import { windowStart } from './tumbling-window.ts';

/** "The 6 MB payload limit" of an invocation, less what is around the records. */
const BATCH_BYTES = 6 * 1024 * 1024 - 64;

export interface BatchItem {
  readonly record: KinesisRecord;
  readonly position: number;
  /** When it came. */
  readonly at: number;
}

/** What one lane of a shard gathers for one invocation. */
export class StreamBatch {
  readonly items: BatchItem[] = [];
  /** Where the records go on that are not in the batch. */
  nextPosition: number;
  full = false;
  /** Nothing more will come: the shard is closed. */
  ended = false;
  #bytes = 0;

  constructor(position: number) {
    this.nextPosition = position;
  }

  /** Takes what is there now and belongs to the lane. */
  fill(stream: Stream, shard: Shard, lane: number, settings: KinesisSettings, origin: RecordOrigin): void {
    while (!this.full && !this.ended) {
      const from = this.nextPosition;
      const { records, nextPosition, ended } = stream.read(shard, from, settings.batchSize);
      for (const record of records) {
        if (settings.lanes > 1 && laneOf(record.partitionKey, settings.lanes) !== lane) continue;
        const event = kinesisRecord(record, origin);
        if (!settings.filter(() => filterable(event))) continue;
        if (!this.#add({ record: event, position: record.position, at: record.at }, settings)) return;
      }
      this.nextPosition = ended
        ? Math.max(nextPosition, shard.definition.closed?.nextPosition ?? 0)
        : nextPosition;
      this.ended = ended;
      if (records.length === 0) return;
    }
  }

  /** @returns false when there is no room after it, or none for it. */
  #add(item: BatchItem, { batchSize, tumblingMs }: KinesisSettings): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(item.record)) + 1;
    // What is too large for any invocation goes alone, and fails.
    const isTooMuch = this.items.length > 0 && this.#bytes + bytes > BATCH_BYTES;
    if (isTooMuch || this.#isOfLaterWindow(item, tumblingMs)) {
      this.nextPosition = item.position;
      this.full = true;
      return false;
    }
    this.#bytes += bytes;
    this.items.push(item);
    this.nextPosition = item.position + 1;
    this.full = this.items.length >= batchSize;
    return !this.full;
  }

  /** A batch is of one window. */
  #isOfLaterWindow({ at }: BatchItem, tumblingMs: number): boolean {
    const [first] = this.items;
    return (
      first !== undefined &&
      tumblingMs > 0 &&
      windowStart(at, tumblingMs) !== windowStart(first.at, tumblingMs)
    );
  }
}

/** Records of a partition key are always in the same lane: that is what keeps their order. */
const laneOf = (partitionKey: string, lanes: number): number =>
  Number(hashKeyOf(partitionKey) % BigInt(lanes));
