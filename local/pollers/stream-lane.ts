import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Invocation } from '../ports.ts';
import type { Shard } from '../services/kinesis/shard.ts';
import type { Stream } from '../services/kinesis/stream.ts';
import { failedItems } from './batch-response.ts';
import type { PollTarget } from './event-source.ts';
import type { KinesisSettings } from './kinesis-settings.ts';
import { type BatchItem, StreamBatch } from './stream-batch.ts';
import type { GivenUp } from './stream-failures.ts';
import type { StreamWaiting } from './stream-waiting.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
const DENIED_PAUSE_MS = 10_000;

export interface LaneSurroundings {
  readonly foundation: Foundation;
  readonly settings: KinesisSettings;
  readonly target: PollTarget;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly lane: number;
  readonly waiting: StreamWaiting;
  /** Everything before that position is done with. */
  checkpoint(position: number): void;
  giveUp(given: Pick<GivenUp, 'condition' | 'records' | 'invocations' | 'last'>): Promise<void>;
}

/** Records that are tried together. */
interface Attempt {
  readonly items: readonly BatchItem[];
  /** Invocations that failed without getting anywhere. */
  readonly failures: number;
  readonly last?: Invocation | undefined;
}

/**
 * Reads those records of one shard whose partition keys fall to this lane, strictly in order: what follows a failed
 * record waits until that one succeeds or is given up (Lambda guide, "Using Lambda with Kinesis").
 */
export class StreamLane {
  readonly #around: LaneSurroundings;

  constructor(surroundings: LaneSurroundings) {
    this.#around = surroundings;
  }

  /** @returns true when the shard is closed and all of it is done, false when the reader was stopped. */
  async run(position: number): Promise<boolean> {
    const { waiting, checkpoint } = this.#around;
    let next = position;
    while (!waiting.stopped) {
      try {
        const batch = await this.#gather(next);
        if (!(await this.#handle(batch.items))) return false;
        if (batch.nextPosition !== next) checkpoint(batch.nextPosition);
        next = batch.nextPosition;
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
    const { foundation, settings, target, stream, shard, lane, waiting } = this.#around;
    const { clock, region, store } = foundation;
    const batch = new StreamBatch(position);
    let closesAt: number | undefined;
    for (;;) {
      target.authorize('kinesis:GetRecords', stream.arn);
      const { roleArn } = target.role();
      const origin = { streamArn: stream.arn, shardId: shard.id, region, roleArn };
      batch.fill(stream, shard, lane, settings, origin);
      if (batch.full || batch.ended || waiting.stopped) return batch;
      if (batch.items.length > 0) closesAt ??= clock.now() + settings.windowMs;
      if (closesAt !== undefined && closesAt <= clock.now()) return batch;
      if (batch.items.length === 0 && batch.nextPosition !== position) return batch;
      await waiting.change(closesAt === undefined ? undefined : closesAt - clock.now());
      // What was put is read only when it would survive a crash.
      await store.committed();
    }
  }

  /** @returns false when it was stopped before all was done. */
  async #handle(items: readonly BatchItem[]): Promise<boolean> {
    const left: Attempt[] = items.length > 0 ? [{ items, failures: 0 }] : [];
    for (let attempt = left.shift(); attempt; attempt = left.shift()) {
      if (this.#around.waiting.stopped) return false;
      const fresh = await this.#giveUpAged(attempt);
      if (fresh.items.length > 0) left.unshift(...(await this.#try(fresh)));
    }
    return true;
  }

  /** @returns what is to be tried next. */
  async #try(attempt: Attempt): Promise<Attempt[]> {
    const { checkpoint, waiting, settings } = this.#around;
    const { items } = attempt;
    const last = await this.#invoke(items);
    if (last === 'throttled') {
      await waiting.sleep(pauseMs(attempt.failures + 1));
      return [attempt];
    }
    const done = this.#succeeded(last, items);
    const lastDone = items[done - 1];
    if (lastDone) checkpoint(lastDone.position + 1);
    if (done === items.length) return [];
    if (done > 0) return [{ items: items.slice(done), failures: 0, last }];
    if (settings.bisects && items.length > 1) return halves({ ...attempt, last });
    const failures = attempt.failures + 1;
    if (failures > settings.maximumRetries) {
      await this.#giveUp('RetryAttemptsExhausted', { items, failures, last });
      return [];
    }
    await waiting.sleep(pauseMs(failures));
    return [{ items, failures, last }];
  }

  async #invoke(items: readonly BatchItem[]): Promise<Invocation | 'throttled'> {
    const { target } = this.#around;
    this.#recordAge(items);
    try {
      return await target.invoke(JSON.stringify({ Records: items.map(({ record }) => record) }));
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') return 'throttled';
      const errorMessage = error instanceof Error ? error.message : String(error);
      this.#trace('BatchFailed', { reason: errorMessage });
      const payload = JSON.stringify({ errorMessage });
      return { statusCode: 500, payload, functionError: 'Unhandled', logTail: '', requestId: '' };
    }
  }

  /** How many records from the first on are done: "Lambda uses the lowest sequence number as the checkpoint". */
  #succeeded(invocation: Invocation, items: readonly BatchItem[]): number {
    if (invocation.functionError) return 0;
    if (!this.#around.settings.reportsItemFailures) return items.length;
    const ids = items.map(({ record }) => record.kinesis.sequenceNumber);
    const failed = failedItems(invocation.payload, new Set(ids));
    if (failed === 'all') return 0;
    const first = ids.findIndex((id) => failed.has(id));
    return first === -1 ? items.length : first;
  }

  async #giveUpAged(attempt: Attempt): Promise<Attempt> {
    const oldest = this.#around.foundation.clock.now() - this.#around.settings.maximumAgeMs;
    const aged = attempt.items.filter(({ at }) => at < oldest);
    if (aged.length === 0) return attempt;
    await this.#giveUp('RecordAgeExceeded', { ...attempt, items: aged });
    return { ...attempt, items: attempt.items.slice(aged.length) };
  }

  /** The destination is told before the checkpoint passes the records: a crash between repeats it, and loses nothing. */
  async #giveUp(condition: GivenUp['condition'], { items, failures, last }: Attempt): Promise<void> {
    const records = items.map(({ record }) => record);
    await this.#around.giveUp({ condition, records, invocations: failures, last });
    const final = items.at(-1);
    if (final) this.#around.checkpoint(final.position + 1);
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

const pauseMs = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);

/** "Splitting ... doesn't count toward the retry quota" (Lambda API, "BisectBatchOnFunctionError"). */
const halves = ({ items, ...attempt }: Attempt): Attempt[] => {
  const middle = Math.ceil(items.length / 2);
  return [
    { ...attempt, items: items.slice(0, middle) },
    { ...attempt, items: items.slice(middle) },
  ];
};
