import { build, type Histogram } from 'hdr-histogram-js';

/** End to end, in milliseconds, from the time at which a message should have been sent. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  /** A percentile is left out where there are too few messages for a single one to lie above it. */
  readonly p90?: number;
  readonly p99?: number;
  readonly p999?: number;
  readonly max: number;
  /** So many were seen before they were sent, by the clocks of the two processes: those differ. They are in no percentile. */
  readonly negative: number;
}

const HIGHEST_US = 3_600_000_000;

/** @param latenciesMs of each message, in milliseconds; undefined when there is none that can be true */
export const summarize = (latenciesMs: readonly number[]): Latency | undefined => {
  const possible = latenciesMs.filter((ms) => ms >= 0);
  if (possible.length === 0) return undefined;
  const histogram = record(possible);
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  const enough = (least: number): boolean => possible.length >= least;
  return {
    count: possible.length,
    p50: at(50),
    ...(enough(LEAST.p90) && { p90: at(90) }),
    ...(enough(LEAST.p99) && { p99: at(99) }),
    ...(enough(LEAST['p99.9']) && { p999: at(99.9) }),
    max: histogram.maxValue / 1_000,
    negative: latenciesMs.length - possible.length,
  };
};

/** Of so many messages one lies above the percentile. */
const LEAST = { p90: 10, p99: 100, 'p99.9': 1_000 };

/** For a person to read: a percentile that there are too few messages for is a dash, with the reason. */
export const inWords = ({ count, p50, p90, p99, p999, max, negative }: Latency): string => {
  const percentile = (name: keyof typeof LEAST, ms: number | undefined): string =>
    `${name} ${ms === undefined ? `— (takes ${LEAST[name].toLocaleString('en')} messages)` : ms.toFixed(1)}`;
  const numbers = [
    `p50 ${p50.toFixed(1)}`,
    percentile('p90', p90),
    percentile('p99', p99),
    percentile('p99.9', p999),
    `max ${max.toFixed(1)}`,
  ];
  const skew =
    negative === 0
      ? ''
      : `; ${negative} more were seen before they were sent: the clocks differ, read the rest with care`;
  return `${numbers.join(', ')} ms of ${count} messages${skew}`;
};

/** Whole microseconds, three significant digits: what HdrHistogram keeps of a latency. */
const record = (latenciesMs: readonly number[]): Histogram => {
  const histogram = build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
  for (const ms of latenciesMs) histogram.recordValue(Math.min(HIGHEST_US, Math.round(ms * 1_000)));
  return histogram;
};
