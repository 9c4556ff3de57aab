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

const MINUTE_MS = 60_000;
/** One-minute data live three hours here; no alarm of a template that runs on a laptop looks further back. */
const KEPT_MINUTES = 180;

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

/** A metric is its namespace, its name and all of its dimensions, in whatever order they come. */
const identity = (namespace: string, name: string, dimensions: Dimensions): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * CloudWatch metrics in memory, in buckets of one minute.
 * Each metric keeps its last three hours.
 */
export class MetricStore implements Metrics {
  readonly #clock: Clock;
  readonly #series = new Map<string, Map<number, Statistic>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(namespace: string, name: string, dimensions: Dimensions, value: number): void {
    const minute = this.#minute(this.#clock.now());
    const id = identity(namespace, name, dimensions);
    const series = this.#series.get(id) ?? new Map<number, Statistic>();
    this.#series.set(id, series);
    if (!series.has(minute)) this.#forgetBefore(series, minute - KEPT_MINUTES);
    series.set(minute, add(series.get(minute), value));
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
    let total: Statistic | undefined;
    for (const [minute, statistic] of this.#series.get(identity(namespace, name, dimensions)) ?? []) {
      if (minute >= this.#minute(fromMs) && minute * MINUTE_MS < toMs) total = merge(total, statistic);
    }
    return total;
  }

  #minute(ms: number): number {
    return Math.floor(ms / MINUTE_MS);
  }

  #forgetBefore(series: Map<number, Statistic>, minute: number): void {
    for (const old of series.keys()) {
      if (old >= minute) return;
      series.delete(old);
    }
  }
}
