import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Invocation } from '../ports.ts';
import type { Shard } from '../services/kinesis/shard.ts';
import type { Stream } from '../services/kinesis/stream.ts';
import { failedItems } from './batch-response.ts';
import type { PollTarget } from './event-source.ts';
import type { KinesisSettings } from './kinesis-settings.ts';
import { authorizeReading } from './kinesis-source.ts';
import { StreamAttempts } from './stream-attempts.ts';
import { type BatchItem, StreamBatch } from './stream-batch.ts';
import type { GivenUp } from './stream-failures.ts';
import type { StreamWaiting } from './stream-waiting.ts';
import type { TumblingWindow } from './tumbling-window.ts';

const DENIED_PAUSE_MS = 10_000;

export interface LaneSurroundings {
  readonly foundation: Foundation;
  readonly settings: KinesisSettings;
  readonly target: PollTarget;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly lane: number;
  /** The stream, or its consumer: what the records' `eventSourceARN` says. */
  readonly sourceArn: string;
  readonly waiting: StreamWaiting;
  /** Where state is handed on from invocation to invocation. */
  readonly window?: TumblingWindow;
  /** Everything before that position is done with. */
  checkpoint(position: number): void;
  giveUp(given: Pick<GivenUp, 'condition' | 'records' | 'invocations' | 'last'>): Promise<void>;
}

/**
 * Reads those records of one shard whose partition keys fall to this lane, strictly in order: what follows a failed
 * record waits until that one succeeds or is given up (Lambda guide, "Using Lambda with Kinesis").
 */
export class StreamLane {
  readonly #around: LaneSurroundings;
  readonly #attempts: StreamAttempts<BatchItem>;

  constructor(surroundings: LaneSurroundings) {
    const { settings, waiting, foundation, checkpoint, giveUp } = surroundings;
    this.#around = surroundings;
    this.#attempts = new StreamAttempts({
      rules: settings,
      now: () => foundation.clock.now(),
      stopped: () => waiting.stopped,
      sleep: (ms) => waiting.sleep(ms),
      invoke: (items, attempt) => this.#invoke(items, attempt),
      succeeded: (invocation, items) => this.#succeeded(invocation, items),
      checkpoint: ({ position }) => checkpoint(position + 1),
      giveUp: ({ items, ...given }) => giveUp({ ...given, records: items.map(({ record }) => record) }),
    });
  }

  /** @returns true when the shard is closed and all of it is done, false when the reader was stopped. */
  async run(position: number): Promise<boolean> {
    const { waiting, checkpoint, window } = this.#around;
    let next = position;
    while (!waiting.stopped) {
      try {
        const batch = await this.#gather(next);
        if (this.#isWindowOver(batch.items[0]) && !(await this.#finishWindow())) return false;
        if (!(await this.#attempts.handle(batch.items))) return false;
        if (batch.nextPosition !== next) checkpoint(batch.nextPosition);
        next = batch.nextPosition;
        if ((batch.ended || window?.isTooLarge) && !(await this.#finishWindow())) return false;
        if (batch.ended) return true;
      } catch (error) {
        this.#trace('PollFailed', { reason: error instanceof Error ? error.message : String(error) });
        await waiting.sleep(DENIED_PAUSE_MS);
      }
    }
    return false;
  }

  /** A full batch, or what came within the window after its first record. */
  async #gather(position: number): Promise<StreamBatch> {
    const { foundation, settings, target, stream, shard, lane, sourceArn, waiting, window } = this.#around;
    const { clock, region, store } = foundation;
    const batch = new StreamBatch(position);
    let closesAt: number | undefined;
    for (;;) {
      authorizeReading(target, sourceArn);
      const { roleArn } = target.role();
      const origin = { sourceArn, shardId: shard.id, region, roleArn };
      batch.fill(stream, shard, lane, settings, origin);
      if (batch.full || batch.ended || waiting.stopped) return batch;
      if (batch.items.length > 0) closesAt ??= clock.now() + settings.windowMs;
      if (closesAt !== undefined && closesAt <= clock.now()) return batch;
      if (batch.items.length === 0 && (batch.nextPosition !== position || this.#isWindowOver())) return batch;
      const until = Math.min(closesAt ?? Infinity, window?.endsAt ?? Infinity);
      await waiting.change(until === Infinity ? undefined : Math.max(0, until - clock.now()));
      // What was put is read only when it would survive a crash.
      await store.committed();
    }
  }

  async #invoke(items: readonly BatchItem[], attempt: number): Promise<Invocation | 'throttled'> {
    const { foundation, stream, shard, window } = this.#around;
    this.#recordAge(items);
    const ids = {
      source: stream.arn,
      shardId: shard.id,
      from: items[0]?.record.kinesis.sequenceNumber ?? '',
      to: items.at(-1)?.record.kinesis.sequenceNumber ?? '',
      records: items.length,
      attempt,
    };
    const records = items.map(({ record }) => record);
    const payload = window?.event(records, items[0]?.at ?? 0) ?? JSON.stringify({ Records: records });
    return foundation.trace.within({ ids }, () => this.#invokeWith(payload));
  }

  async #invokeWith(event: string): Promise<Invocation | 'throttled'> {
    try {
      return await this.#around.target.invoke(event);
    } catch (error) {
      // "This doesn't apply to service errors or throttles where the batch didn't reach the function."
      if (error instanceof AwsError && error.isPassing) return 'throttled';
      const errorMessage = error instanceof Error ? error.message : String(error);
      this.#trace('BatchFailed', { reason: errorMessage });
      const payload = JSON.stringify({ errorMessage });
      return { statusCode: 500, payload, functionError: 'Unhandled', logTail: '', requestId: '' };
    }
  }

  /** How many records from the first on are done: "Lambda uses the lowest sequence number as the checkpoint". */
  #succeeded(invocation: Invocation, items: readonly BatchItem[]): number {
    const { settings, window } = this.#around;
    if (invocation.functionError) return 0;
    const done = settings.reportsItemFailures ? this.#reported(invocation, items) : items.length;
    return done === 0 || window === undefined || window.keep(invocation.payload) ? done : 0;
  }

  #reported(invocation: Invocation, items: readonly BatchItem[]): number {
    const ids = items.map(({ record }) => record.kinesis.sequenceNumber);
    const failed = failedItems(invocation.payload, new Set(ids));
    if (failed === 'all') return 0;
    const first = ids.findIndex((id) => failed.has(id));
    return first === -1 ? items.length : first;
  }

  /** Its end has come, or a record of a later window. */
  #isWindowOver(next?: BatchItem): boolean {
    const { window, foundation } = this.#around;
    if (window?.endsAt === undefined) return false;
    return next === undefined ? window.endsAt <= foundation.clock.now() : window.isBehind(next.at);
  }

  /** @returns false when it was stopped before. */
  async #finishWindow(): Promise<boolean> {
    const { window, waiting, settings, shard } = this.#around;
    const finished = await window?.finish({
      maximumRetries: settings.maximumRetries,
      stopped: () => waiting.stopped,
      sleep: (ms) => waiting.sleep(ms),
      invoke: (payload) => this.#invokeWith(payload),
      gaveUp: () => this.#trace('WindowGivenUp', { shardId: shard.id }),
    });
    return finished ?? true;
  }

  #recordAge(items: readonly BatchItem[]): void {
    const { foundation, target, stream } = this.#around;
    const { metrics, clock } = foundation;
    const age = clock.now() - (items.at(-1)?.at ?? clock.now());
    const FunctionName = target.functionArn.split(':')[6] ?? '';
    metrics.record('AWS/Lambda', 'IteratorAge', { FunctionName }, age);
    metrics.record('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName: stream.name }, age);
  }

  #trace(action: string, ids: Readonly<Record<string, string>>): void {
    const { foundation, stream } = this.#around;
    const { trace, clock } = foundation;
    trace.record({ at: clock.now(), service: 'lambda', action, resource: stream.arn, ids });
  }
}
