import { build, type Histogram } from 'hdr-histogram-js';

/** End to end, in milliseconds, from the time at which a message should have been sent. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const HIGHEST_US = 3_600_000_000;

/** @param latenciesMs of each message, in milliseconds */
export const summarize = (latenciesMs: readonly number[]): Latency => {
  const histogram = record(latenciesMs);
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    count: latenciesMs.length,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / 1_000,
  };
};

/** Whole microseconds, three significant digits: what HdrHistogram keeps of a latency. */
const record = (latenciesMs: readonly number[]): Histogram => {
  const histogram = build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
  for (const ms of latenciesMs)
    histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(ms * 1_000))));
  return histogram;
};
