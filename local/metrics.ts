import type { Clock } from './clock.ts';
import type { Metrics } from './ports.ts';

/** What CloudWatch keeps of a metric over a period. */
export interface Statistic {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export type Dimensions = Readonly<Record<string, string>>;

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

interface Series extends MetricName {
  readonly minutes: Map<number, Statistic>;
}

export const MINUTE_MS = 60_000;
/** One-minute data live three hours here; no alarm of a template that runs on a laptop looks further back. */
export const KEPT_MINUTES = 180;

const add = (statistic: Statistic | undefined, value: number): Statistic =>
  merge(statistic, { count: 1, sum: value, minimum: value, maximum: value });

const merge = (one: Statistic | undefined, other: Statistic): Statistic =>
  one === undefined
    ? other
    : {
        count: one.count + other.count,
        sum: one.sum + other.sum,
        minimum: Math.min(one.minimum, other.minimum),
        maximum: Math.max(one.maximum, other.maximum),
      };

/**
 * A metric is its namespace, its name and all of its dimensions, in whatever order they come. None of these has a
 * control character in it ("PutMetricData"), so that one can stand between them.
 */
const identity = (namespace: string, name: string, dimensions: Dimensions): string => {
  let id = `${namespace}\n${name}`;
  for (const dimension of Object.keys(dimensions).sort()) id += `\n${dimension}\n${dimensions[dimension]}`;
  return id;
};

/**
 * CloudWatch metrics in memory, in buckets of one minute.
 * Each metric keeps its last three hours.
 */
export class MetricStore implements Metrics {
  readonly #clock: Clock;
  readonly #series = new Map<string, Series>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(namespace: string, name: string, dimensions: Dimensions, value: number): void {
    this.recordAt(this.#clock.now(), { namespace, name, dimensions }, value);
  }

  /** Adds a datum of a past time, in milliseconds since the epoch: what is sampled after the clock has skipped. */
  recordAt(atMs: number, metric: MetricName, value: number): void {
    const minute = this.#minute(atMs);
    const id = identity(metric.namespace, metric.name, metric.dimensions);
    const series = this.#series.get(id) ?? { ...metric, minutes: new Map<number, Statistic>() };
    this.#series.set(id, series);
    if (!series.minutes.has(minute)) this.#forgetBefore(series.minutes, minute - KEPT_MINUTES);
    series.minutes.set(minute, add(series.minutes.get(minute), value));
  }

  /**
   * The data from `fromMs` up to, and without, `toMs` (milliseconds since the epoch), to the minute.
   * @returns undefined when there are none, which an alarm treats as missing.
   */
  statistic(
    namespace: string,
    name: string,
    dimensions: Dimensions,
    fromMs: number,
    toMs: number,
  ): Statistic | undefined {
    const minutes = this.#series.get(identity(namespace, name, dimensions))?.minutes;
    let total: Statistic | undefined;
    for (const [minute, statistic] of minutes ?? []) {
      if (minute >= this.#minute(fromMs) && minute * MINUTE_MS < toMs) total = merge(total, statistic);
    }
    return total;
  }

  /** Every metric that has data, oldest first. */
  all(): MetricName[] {
    return [...this.#series.values()].map(({ namespace, name, dimensions }) => ({
      namespace,
      name,
      dimensions,
    }));
  }

  #minute(ms: number): number {
    return Math.floor(ms / MINUTE_MS);
  }

  #forgetBefore(minutes: Map<number, Statistic>, minute: number): void {
    for (const old of minutes.keys()) {
      if (old < minute) minutes.delete(old);
    }
  }
}
