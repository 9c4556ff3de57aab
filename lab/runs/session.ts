import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerOptions, Lane, RunningConsumer } from '../broker.ts';
import { check, type Findings } from '../checker.ts';
import { formats } from '../formats/index.ts';
import { type Latency, summarize } from '../latency.ts';
import { Ledger, type Received } from '../ledger.ts';
import { type LoadOptions, load } from '../load.ts';
import { idOf, nowMs } from '../message.ts';
import { plan } from '../plan.ts';
import { reasonOf } from '../reason.ts';
import { type Saturation, saturationOf } from '../saturation.ts';
import { within } from '../within.ts';
import { Crew } from './crew.ts';
import type { RunContext, RunName, RunResult, Series } from './run.ts';

const KEYS = 16;
const PRODUCERS = 2;
const SAMPLE_MS = 100;
const LOOK_MS = 20;
/** So much of the messages goes before a load, and warms the way up. */
export const WARM_UP = 0.1;
/** A broker that is gone must not hold up the end. */
const CLOSE_MS = 10_000;
const ANSWER_MS = 5_000;
/** How long nothing has to come before nothing is awaited any more, where there is no number to wait for. */
export const SETTLE_MS = 500;

export type Send = LoadOptions['send'];

export interface SendOptions {
  readonly send?: Send;
  /** Messages a second. @default the settings' */
  readonly rate?: number;
  /** The broker is taken away meanwhile on purpose. */
  readonly mayBeAway?: boolean;
}

const sendOnce: Send = (producer, message) => producer.send(message);

/** One run: a lane, a ledger, and whoever sends and reads in it. Everything that was started ends with it. */
export class Session {
  readonly #ledger = new Ledger();
  readonly #context: RunContext;
  readonly #run: string;
  readonly #lane: Lane;
  readonly #crew: Crew;
  readonly #startedAt = nowMs();
  /** What did not go as it should, and is none of the broker's doing. */
  readonly #notes: string[] = [];
  #measuredFrom = 0;
  #loads = 0;

  private constructor(context: RunContext, run: string, lane: Lane) {
    this.#context = context;
    this.#run = run;
    this.#lane = lane;
    this.#crew = new Crew(lane);
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

  /** Connects those who send: to a broker that is taken away before, nothing would ever have been sent. */
  async connect(): Promise<void> {
    await this.#crew.producers(PRODUCERS);
  }

  /** Opens connections and compiles code: messages that are no part of what latency and saturation are told of. */
  async warmUp(): Promise<void> {
    await this.send(Math.ceil(this.#context.settings.messages * WARM_UP));
    await this.drained();
    this.#measuredFrom = nowMs();
  }

  /**
   * Sends `messages` at the settings' rate.
   * @throws Error when a consumer has failed, or the broker is gone and not just away: the rest would come to nothing
   */
  async send(
    messages = this.#context.settings.messages,
    { send = sendOnce, rate = this.#context.settings.rate, mayBeAway = false }: SendOptions = {},
  ): Promise<void> {
    const { seed, size } = this.#context.settings;
    const producers = await this.#crew.producers(PRODUCERS);
    // Several loads of one run go on with keys of their own: sequences start at 0 for each.
    const suffix = String.fromCharCode('a'.charCodeAt(0) + this.#loads);
    this.#loads += 1;
    const planned = plan({ messages, rate, keys: KEYS, producers: PRODUCERS, seed }).map((one) => ({
      ...one,
      key: `${one.key}${suffix}`,
    }));
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#context.signal, ending.signal]);
    const loading = load(planned, producers, this.#ledger, { run: this.#run, size, send, signal });
    try {
      await Promise.race([loading, this.#hopeless(ending.signal, mayBeAway)]);
    } finally {
      ending.abort();
    }
    this.#crew.throwFailure();
  }

  /**
   * Watches while something is sent.
   * @throws Error when a consumer has failed, or nothing was acknowledged for some time and the broker does not answer
   */
  async #hopeless(ended: AbortSignal, mayBeAway: boolean): Promise<void> {
    let { acknowledged } = this.#ledger;
    while (!ended.aborted) {
      const until = nowMs() + ANSWER_MS;
      while (!ended.aborted && nowMs() < until) {
        this.#crew.throwFailure();
        await pause(SAMPLE_MS);
      }
      if (this.#ledger.acknowledged === acknowledged && !mayBeAway && !ended.aborted)
        await this.#answers('a');
      acknowledged = this.#ledger.acknowledged;
    }
  }

  consume(options: Partial<ConsumerOptions> = {}): Promise<RunningConsumer> {
    return this.#crew.consume(options, (one) => this.#ledger.received(one));
  }

  /** Ends a consumer after what it has in its hands. */
  async stop(consumer: RunningConsumer): Promise<void> {
    const complaint = await consumer.stop();
    if (complaint !== undefined) this.#notes.push(complaint);
  }

  /** Waits until the consumers of group `a` have divided the work: what they do meanwhile tells of no broker. */
  async divided(consumers: number): Promise<void> {
    await this.#lane.divided?.('a', consumers);
  }

  /**
   * Waits until a group has handled all that was acknowledged, or nothing comes any more.
   * @param quietMs how long nothing has to come, for it to be over
   * @throws Error when a consumer has failed, or the broker is gone: what was not seen then is no loss of the broker's
   */
  async drained(group = 'a', quietMs = 5_000): Promise<void> {
    await this.#quiet(
      quietMs,
      () => this.#ledger.handledBy(group),
      () => this.waiting(group) === 0,
    );
    if (this.waiting(group) > 0 && !this.#context.signal.aborted) await this.#answers(group);
  }

  /** Waits until nobody of group `a` has seen anything for some time: a repetition comes last. */
  async settle(): Promise<void> {
    await this.#quiet(SETTLE_MS, () => this.#ledger.receivedBy('a').length);
  }

  /** Waits until a number has not changed for so long, or it is done before. */
  async #quiet(ms: number, number: () => number, done: () => boolean = () => false): Promise<void> {
    let latest = number();
    let since = nowMs();
    await this.waitFor(() => {
      const now = number();
      if (now !== latest) since = nowMs();
      latest = now;
      return done() || nowMs() - since > ms;
    });
  }

  async #answers(group: string): Promise<void> {
    try {
      await within(ANSWER_MS, this.#lane.answers());
    } catch (error) {
      throw new Error(
        `the broker does not answer any more (${reasonOf(error)}): ${this.waiting(group)} messages were not handled by then`,
      );
    }
  }

  /** @returns whether `condition` came true in time */
  async waitFor(condition: () => boolean, atMostMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const deadline = nowMs() + atMostMs;
    while (!condition()) {
      this.#crew.throwFailure();
      if (nowMs() > deadline || this.#context.signal.aborted) return false;
      await pause(LOOK_MS);
    }
    return true;
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

  /** End to end, from the intended time to the first sight of each message after the warm-up. */
  latency(): Latency | undefined {
    const first = new Map(
      this.receivedBy()
        .toReversed()
        .map((one) => [idOf(one), one]),
    );
    const measured = [...first.values()].filter(({ intendedAt }) => intendedAt >= this.#measuredFrom);
    return summarize(measured.map(({ at, intendedAt }) => at - intendedAt));
  }

  /** Whether what came after the warm-up was more than the target takes. */
  saturation(): Saturation | undefined {
    const load = this.#ledger.allSent().filter(({ intendedAt }) => intendedAt >= this.#measuredFrom);
    return saturationOf(load, this.receivedBy());
  }

  result(run: RunName, seen: string, more: Partial<RunResult> = {}): RunResult {
    return {
      run,
      broker: this.#context.broker.name,
      settings: this.#context.settings,
      ms: Math.round(nowMs() - this.#startedAt),
      findings: { a: this.findings() },
      seen: [seen, ...this.#notes].join('; '),
      ...more,
    };
  }

  async #close(): Promise<void> {
    await this.#crew.killConsumers();
    const closing = this.#crew.closeProducers().finally(() => this.#lane.close());
    try {
      await within(CLOSE_MS, closing);
    } catch (error) {
      this.#context.say(
        `could not clean up after run ${this.#run} on ${this.#context.broker.name}: ${reasonOf(error)}`,
      );
    }
  }
}
