import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerOptions, Lane, Producer, RunningConsumer } from '../broker.ts';
import { check, type Findings } from '../checker.ts';
import { type Latency, summarize } from '../latency.ts';
import { Ledger, type Outcome, type Received } from '../ledger.ts';
import { type LoadOptions, load, type Pace } from '../load.ts';
import { idOf, type LabMessage, nowMs } from '../message.ts';
import { plan } from '../plan.ts';
import type { RunContext, RunName, RunResult, Series } from './run.ts';

const KEYS = 16;
const PRODUCERS = 2;
const SAMPLE_MS = 200;
/** A tenth of the messages warms the way up and is left out of the latencies. */
const WARM_UP = 0.1;
/** A plan that is late by more than this was too fast for its target. */
const SATURATED_MS = 1_000;

export type Send = LoadOptions['send'];
const sendOnce: Send = (producer, message) => producer.send(message);

/** One run: a lane, a ledger, and whoever sends and reads in it. Everything that was started ends with it. */
export class Session {
  readonly ledger = new Ledger();
  readonly #context: RunContext;
  readonly #run: string;
  readonly #lane: Lane;
  readonly #producers = new Map<string, Producer>();
  readonly #consumers: RunningConsumer[] = [];
  readonly #startedAt = nowMs();
  #count = 0;

  private constructor(context: RunContext, run: string, lane: Lane) {
    this.#context = context;
    this.#run = run;
    this.#lane = lane;
  }

  /** Opens a lane for `use`, and leaves nothing behind. */
  static async with<T>(
    context: RunContext,
    groups: readonly string[],
    use: (session: Session) => Promise<T>,
  ): Promise<T> {
    const run = `${context.settings.seed}-${Date.now().toString(36)}`;
    const session = new Session(context, run, await context.broker.open(run, groups));
    try {
      return await use(session);
    } finally {
      await session.#close();
    }
  }

  /** Sends `messages` at the settings' rate. */
  async send(messages = this.#context.settings.messages, send: Send = sendOnce): Promise<Pace> {
    const { rate, seed, size } = this.#context.settings;
    for (let index = 0; index < PRODUCERS; index += 1) {
      const name = `p${index}`;
      if (!this.#producers.has(name)) this.#producers.set(name, await this.#lane.producer(name));
    }
    const planned = plan({ messages, rate, keys: KEYS, producers: PRODUCERS, seed }).map((one) => ({
      ...one,
      // Several loads of one run go on with keys of their own: sequences start at 0 for each.
      key: `${one.key}${'abc'[this.#count] ?? this.#count}`,
    }));
    this.#count += 1;
    return load(planned, this.#producers, this.ledger, {
      run: this.#run,
      size,
      send,
      signal: this.#context.signal,
    });
  }

  async consume(options: Partial<ConsumerOptions> = {}): Promise<RunningConsumer> {
    const consumer = await this.#lane.consumer(
      {
        consumer: `c${this.#consumers.length}`,
        group: 'a',
        from: 'start',
        workMs: 0,
        share: { index: 0, of: 1 },
        ...options,
      },
      (one) => this.ledger.received.push(one),
    );
    this.#consumers.push(consumer);
    return consumer;
  }

  /**
   * Waits until a group has seen all that was acknowledged, or nothing comes any more.
   * @param quietMs how long nothing has to come, for it to be over
   */
  async drained(group = 'a', quietMs = 5_000): Promise<void> {
    let seen = -1;
    for (let quietSince = nowMs(); nowMs() - quietSince < quietMs && !this.#context.signal.aborted; ) {
      const now = this.ledger.seenBy(group);
      if (now !== seen) quietSince = nowMs();
      seen = now;
      if (this.#allSeen(group)) return;
      await pause(20);
    }
  }

  /** Calls `until` true: what else waits for something to happen. */
  async waitFor(condition: () => boolean, atMostMs: number): Promise<boolean> {
    for (const deadline = nowMs() + atMostMs; nowMs() < deadline; await pause(10)) {
      if (condition()) return true;
    }
    return condition();
  }

  /** How much waits, sampled while `during` goes on. */
  async sampled(during: () => Promise<void>, group = 'a'): Promise<Series> {
    const series: [number, number][] = [];
    let over = false;
    const sampling = (async () => {
      for (; !over; await pause(SAMPLE_MS)) {
        const waiting = await this.#lane.backlog(group).catch(() => undefined);
        if (waiting !== undefined) series.push([Math.round(nowMs() - this.#startedAt), waiting]);
      }
    })();
    try {
      await during();
    } finally {
      over = true;
      await sampling;
    }
    return series;
  }

  findings(group = 'a'): Findings {
    return check(this.ledger.sent, this.receivedBy(group));
  }

  receivedBy(group: string): readonly Received[] {
    return this.ledger.received.filter((one) => one.group === group).sort((one, other) => one.at - other.at);
  }

  /** End to end, from the intended time to the first sight of each message. */
  latency(group = 'a'): Latency {
    const first = new Map<string, number>();
    for (const one of this.receivedBy(group)) {
      const id = idOf(one);
      if (!first.has(id)) first.set(id, one.at - one.intendedAt);
    }
    const measured = [...first.values()];
    return summarize(measured.slice(Math.floor(measured.length * WARM_UP)));
  }

  result(run: RunName, seen: string, more: Partial<RunResult> & { pace?: Pace } = {}): RunResult {
    const { pace, ...rest } = more;
    const late = pace && pace.latestByMs > SATURATED_MS ? { saturatedByMs: Math.round(pace.latestByMs) } : {};
    return {
      run,
      broker: this.#context.broker.name,
      settings: this.#context.settings,
      ms: Math.round(nowMs() - this.#startedAt),
      findings: { a: this.findings() },
      ...late,
      seen,
      ...rest,
    };
  }

  #allSeen(group: string): boolean {
    const seen = new Set(this.ledger.received.filter((one) => one.group === group).map(idOf));
    return this.ledger.sent.every((one) => one.outcome !== 'acknowledged' || seen.has(idOf(one)));
  }

  async #close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.kill()));
    for (const producer of this.#producers.values()) await producer.close();
    await this.#lane.close();
  }
}

/** Sends a message and, whatever came of it, sends it again under the same deduplication id. */
export const sendTwice: Send = async (producer, message: LabMessage): Promise<Outcome> => {
  const deduplicationId = `${message.run}/${idOf(message)}`;
  const first = await producer.send(message, { deduplicationId });
  await producer.send(message, { deduplicationId });
  return first;
};
