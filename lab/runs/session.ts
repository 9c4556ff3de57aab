import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerOptions, Lane, Producer, RunningConsumer } from '../broker.ts';
import { check, type Findings } from '../checker.ts';
import { formats } from '../formats/index.ts';
import { type Latency, summarize } from '../latency.ts';
import { Ledger, type Received } from '../ledger.ts';
import { type LoadOptions, load, type Pace } from '../load.ts';
import { idOf, nowMs } from '../message.ts';
import { plan } from '../plan.ts';
import type { RunContext, RunName, RunResult, Series } from './run.ts';

const KEYS = 16;
const PRODUCERS = 2;
const SAMPLE_MS = 100;
const LOOK_MS = 20;
/** A tenth of the messages warms the way up and is left out of the latencies. */
const WARM_UP = 0.1;
/** A broker that is gone must not hold up the end. */
const CLOSE_MS = 10_000;

export type Send = LoadOptions['send'];
const sendOnce: Send = (producer, message) => producer.send(message);

/** One run: a lane, a ledger, and whoever sends and reads in it. Everything that was started ends with it. */
export class Session {
  readonly #ledger = new Ledger();
  readonly #context: RunContext;
  readonly #run: string;
  readonly #lane: Lane;
  readonly #producers = new Map<string, Producer>();
  readonly #consumers: RunningConsumer[] = [];
  readonly #startedAt = nowMs();
  #loads = 0;

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
    const format = formats[context.settings.format];
    const session = new Session(context, run, await context.broker.open({ run, groups, format }));
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
    // Several loads of one run go on with keys of their own: sequences start at 0 for each.
    const suffix = String.fromCharCode('a'.charCodeAt(0) + this.#loads);
    this.#loads += 1;
    const planned = plan({ messages, rate, keys: KEYS, producers: PRODUCERS, seed }).map((one) => ({
      ...one,
      key: `${one.key}${suffix}`,
    }));
    const { signal } = this.#context;
    return load(planned, this.#producers, this.#ledger, { run: this.#run, size, send, signal });
  }

  async consume(options: Partial<ConsumerOptions> = {}): Promise<RunningConsumer> {
    const consumer = await this.#lane.consumer(
      {
        consumer: `c${this.#consumers.length}`,
        group: 'a',
        workMs: 0,
        share: { index: 0, of: 1 },
        ...options,
      },
      (one) => this.#ledger.received(one),
    );
    this.#consumers.push(consumer);
    return consumer;
  }

  /** Waits until the consumers of a group have divided the work: what they do meanwhile tells of no broker. */
  async divided(consumers: number, group = 'a'): Promise<void> {
    await this.#lane.divided?.(group, consumers);
  }

  /**
   * Waits until a group has handled all that was acknowledged, or nothing comes any more.
   * @param quietMs how long nothing has to come, for it to be over
   * @throws Error when a consumer has failed: what it did not see is no loss of the broker's
   */
  async drained(group = 'a', quietMs = 5_000): Promise<void> {
    let handled = -1;
    let quietSince = nowMs();
    await this.waitFor(() => {
      const now = this.#ledger.handledBy(group);
      if (now !== handled) quietSince = nowMs();
      handled = now;
      return this.waiting(group) === 0 || nowMs() - quietSince > quietMs;
    });
  }

  /** @returns whether `condition` came true in time */
  async waitFor(condition: () => boolean, atMostMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const deadline = nowMs() + atMostMs;
    while (!condition()) {
      const failure = this.#consumers.map((consumer) => consumer.failure()).find((one) => one !== undefined);
      if (failure !== undefined) throw new Error(failure);
      if (nowMs() > deadline || this.#context.signal.aborted) return false;
      await pause(LOOK_MS);
    }
    return true;
  }

  /** Lets what may still come, come: a repetition comes last. */
  async settle(ms: number): Promise<void> {
    await this.waitFor(() => false, ms);
  }

  /** The backlog of group `a`, sampled while `during` goes on. */
  async sampled(during: () => Promise<void>): Promise<Series> {
    const series: [number, number][] = [];
    const sample = () => series.push([Math.round(nowMs() - this.#startedAt), this.waiting()]);
    const sampling = setInterval(sample, SAMPLE_MS);
    try {
      sample();
      await during();
      sample();
    } finally {
      clearInterval(sampling);
    }
    return series;
  }

  waiting(group = 'a'): number {
    return this.#ledger.waiting(group);
  }

  /** How many messages were sent, whatever became of them. */
  sent(): number {
    return this.#ledger.allSent().length;
  }

  findings(group = 'a'): Findings {
    return check(this.#ledger.allSent(), this.receivedBy(group));
  }

  receivedBy(group = 'a'): readonly Received[] {
    return this.#ledger.receivedBy(group).toSorted((one, other) => one.at - other.at);
  }

  /** End to end, from the intended time to the first sight of each message. */
  latency(): Latency {
    const first = new Map<string, Received>();
    for (const one of this.receivedBy()) {
      const id = idOf(one);
      if (!first.has(id)) first.set(id, one);
    }
    // The first tenth as planned, not as received: what is left out must not depend on how late it was.
    const planned = [...first.values()].sort((one, other) => one.intendedAt - other.intendedAt);
    const measured = planned.slice(Math.floor(planned.length * WARM_UP));
    return summarize(measured.map(({ at, intendedAt }) => at - intendedAt));
  }

  result(run: RunName, seen: string, more: Partial<RunResult> = {}): RunResult {
    return {
      run,
      broker: this.#context.broker.name,
      settings: this.#context.settings,
      ms: Math.round(nowMs() - this.#startedAt),
      findings: { a: this.findings() },
      seen,
      ...more,
    };
  }

  async #close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.kill()));
    const closing = (async () => {
      try {
        for (const producer of this.#producers.values()) await producer.close();
      } finally {
        await this.#lane.close();
      }
    })();
    const closed = new AbortController();
    const tooLate = pause(CLOSE_MS, undefined, { signal: closed.signal }).then(() => {
      throw new Error(`no answer within ${CLOSE_MS} ms`);
    });
    try {
      await Promise.race([closing, tooLate]);
    } catch (error) {
      this.#context.say(
        `could not clean up after run ${this.#run} on ${this.#context.broker.name}: ${error}`,
      );
    } finally {
      closed.abort();
    }
  }
}
