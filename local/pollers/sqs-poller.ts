import type { Timer } from '../clock.ts';
import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Invocation } from '../ports.ts';
import type { TraceIds } from '../trace.ts';
import { readTraceHeader } from '../trace-header.ts';
import { failedItems } from './batch-response.ts';
import type { Poller, PollTarget } from './event-source.ts';
import { PollerConcurrency, SCALE_UP_EVERY_MS } from './poller-concurrency.ts';
import { sleep } from './sleep.ts';
import type { PollableQueues, PolledMessage } from './sqs.ts';
import { filterable, type SqsRecord, sqsRecord } from './sqs-event.ts';
import type { SqsSettings } from './sqs-settings.ts';

const LONG_POLL_MS = 20_000;
/** ReceiveMessage answers no more at once. */
const MOST_PER_RECEIVE = 10;
/** A batch ends below the 6 MB of a synchronous payload. */
const BATCH_BYTES = 6 * 1024 * 1024 - 64 * 1024;
const DENIED_PAUSE_MS = 10_000;
const FIRST_THROTTLE_PAUSE_MS = 50;
const LONGEST_THROTTLE_PAUSE_MS = 1000;

interface Taken {
  readonly messages: readonly PolledMessage[];
  /** When the first of them becomes visible again, if it is not deleted. */
  readonly visibleAt: number;
}

/**
 * Drives one mapping: reads batches as long as a place for one more invocation is free, and deletes what was handled.
 * What failed stays in the queue and waits out its visibility timeout (Lambda guide, "Using Lambda with Amazon SQS").
 */
export class SqsPoller implements Poller {
  readonly #foundation: Foundation;
  readonly #queues: PollableQueues;
  readonly #queueArn: string;
  readonly #settings: SqsSettings;
  readonly #target: PollTarget;
  readonly #concurrency: PollerConcurrency;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #wake: (() => void) | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    foundation: Foundation,
    queues: PollableQueues,
    queueArn: string,
    settings: SqsSettings,
    target: PollTarget,
  ) {
    this.#foundation = foundation;
    this.#queues = queues;
    this.#queueArn = queueArn;
    this.#settings = settings;
    this.#target = target;
    this.#concurrency = new PollerConcurrency(settings.maximumConcurrency);
  }

  start(): void {
    this.#reading = this.#read();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#reading;
    await Promise.all(this.#running);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #read(): Promise<void> {
    while (!this.#stopped) {
      await this.#place();
      if (this.#stopped) return;
      try {
        const taken = await this.#take();
        if (taken.messages.length === 0) this.#concurrency.settle();
        for (const batch of this.#select(taken.messages)) this.#run(batch, taken.visibleAt);
      } catch (error) {
        this.#trace('PollFailed', { reason: error instanceof Error ? error.message : String(error) });
        await this.#pause(DENIED_PAUSE_MS);
      }
    }
  }

  /** Waits until one more batch may run. As long as that takes, a backlog lets more of them run at once. */
  async #place(): Promise<void> {
    while (!this.#stopped && this.#running.size >= this.#concurrency.limit) {
      let timer: Timer | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = this.#foundation.clock.after(SCALE_UP_EVERY_MS, () => {
          if (this.#queues.depth(this.#queueArn).visible > 0) this.#concurrency.scaleUp();
          resolve();
        });
      });
      timer?.cancel();
    }
  }

  /** One batch: the first messages that come, and within the batching window those that follow. */
  async #take(): Promise<Taken> {
    const { clock } = this.#foundation;
    const { batchSize, windowMs } = this.#settings;
    const messages = [...(await this.#receive(batchSize, LONG_POLL_MS))];
    const { visibilityTimeoutMs } = this.#queues.attributes(this.#queueArn);
    const visibleAt = clock.now() + visibilityTimeoutMs;
    const closesAt = clock.now() + windowMs;
    let bytes = sizeOf(messages);
    while (messages.length > 0 && messages.length < batchSize && bytes < BATCH_BYTES && !this.#stopped) {
      const leftMs = closesAt - clock.now();
      if (leftMs <= 0) break;
      const more = await this.#receive(batchSize - messages.length, Math.min(leftMs, LONG_POLL_MS));
      messages.push(...more);
      bytes += sizeOf(more);
    }
    return { messages, visibleAt };
  }

  #receive(max: number, waitMs: number): Promise<readonly PolledMessage[]> {
    this.#target.authorize('sqs:ReceiveMessage', this.#queueArn);
    const { signal } = this.#stopping;
    return this.#queues.receive(this.#queueArn, { max: Math.min(max, MOST_PER_RECEIVE), waitMs, signal });
  }

  /** What passes the filter, in batches that fit one payload; what does not pass is deleted. */
  #select(messages: readonly PolledMessage[]): SqsRecord[][] {
    const records = messages.map((message) => sqsRecord(message, this.#queueArn, this.#foundation.region));
    const { pass = [], drop = [] } = Object.groupBy(records, (record) =>
      this.#settings.filter(() => filterable(record)) ? 'pass' : 'drop',
    );
    if (drop.length > 0) void this.#delete(drop).catch(() => undefined);
    const batches: SqsRecord[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const record of pass) {
      const size = Buffer.byteLength(JSON.stringify(record)) + 1;
      bytes += size;
      if (bytes > BATCH_BYTES) {
        batches.push([]);
        bytes = size;
      }
      batches.at(-1)?.push(record);
    }
    return batches;
  }

  #run(batch: readonly SqsRecord[], visibleAt: number): void {
    const running = this.#handle(batch, visibleAt)
      .catch((error: unknown) => {
        this.#trace('BatchFailed', { reason: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => {
        this.#running.delete(running);
        this.#wake?.();
      });
    this.#running.add(running);
  }

  async #handle(batch: readonly SqsRecord[], visibleAt: number): Promise<void> {
    const scope = { ids: { source: this.#queueArn, ...batchIds(batch) } };
    const invocation = await this.#foundation.trace.within(scope, () =>
      this.#invoke(JSON.stringify({ Records: batch }), visibleAt),
    );
    if (!invocation) return;
    if (invocation.functionError) {
      this.#concurrency.backOff();
      return;
    }
    this.#concurrency.recover();
    const failed = this.#settings.reportsItemFailures
      ? failedItems(invocation.payload, new Set(batch.map(({ messageId }) => messageId)))
      : new Set<string>();
    if (failed === 'all') return;
    const handled = batch.filter(({ messageId }) => !failed.has(messageId));
    if (handled.length > 0) await this.#delete(handled);
  }

  /** "Lambda continues to retry the message until the message's timestamp exceeds your queue's visibility timeout": only while the function is throttled. */
  async #invoke(payload: string, visibleAt: number): Promise<Invocation | undefined> {
    const { clock } = this.#foundation;
    for (
      let pauseMs = FIRST_THROTTLE_PAUSE_MS;
      ;
      pauseMs = Math.min(pauseMs * 2, LONGEST_THROTTLE_PAUSE_MS)
    ) {
      try {
        return await this.#target.invoke(payload);
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
        this.#concurrency.backOff();
        if (this.#stopped || clock.now() + pauseMs >= visibleAt) return undefined;
        await this.#pause(pauseMs);
      }
    }
  }

  async #delete(records: readonly SqsRecord[]): Promise<void> {
    this.#target.authorize('sqs:DeleteMessage', this.#queueArn);
    await this.#queues.deleteMessages(
      this.#queueArn,
      records.map(({ receiptHandle }) => receiptHandle),
    );
  }

  /** Ends early when the mapping is stopped. */
  #pause(ms: number): Promise<void> {
    return sleep(this.#foundation.clock, ms, this.#stopping.signal);
  }

  #trace(action: string, ids: Readonly<Record<string, string>>): void {
    const { trace, clock } = this.#foundation;
    trace.record({ at: clock.now(), service: 'lambda', action, resource: this.#queueArn, ids });
  }
}

/** "Each trace segment can be linked to up to 20 traces" (AWS X-Ray Developer Guide, "Tracing event-driven applications"). */
const MOST_LINKS = 20;

/**
 * What ties an invocation to its messages. It is a trace of its own, linked to those of the messages, however many they
 * are: so it is on AWS ("Traces from upstream message producers are automatically linked", in the same page).
 */
const batchIds = (batch: readonly SqsRecord[]): TraceIds => {
  const roots = batch.flatMap(({ attributes }) => readTraceHeader(attributes.AWSTraceHeader)?.root ?? []);
  const links = [...new Set(roots)].slice(0, MOST_LINKS);
  return {
    messages: batch.map(({ messageId }) => messageId).join(' '),
    receiveCounts: batch.map(({ attributes }) => attributes.ApproximateReceiveCount).join(' '),
    ...(links.length > 0 && { links: links.join(' ') }),
  };
};

const sizeOf = (messages: readonly PolledMessage[]): number =>
  messages.reduce((bytes, { body }) => bytes + body.length, 0);
