import type { Broker, BrokerName } from '../broker.ts';
import type { Findings } from '../checker.ts';
import type { FormatName } from '../formats/format.ts';
import type { Latency } from '../latency.ts';
import type { Saturation } from '../saturation.ts';

/** In the order in which they are run: what breaks the broker comes last. */
export const runNames = [
  'clean',
  'sizes',
  'formats',
  'share',
  'replay',
  'retry',
  'away',
  'crash',
  'scale',
  'outage',
] as const;
export type RunName = (typeof runNames)[number];

export interface Settings {
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  /** Of a message's padding, in bytes. */
  readonly size: number;
  readonly format: FormatName;
  readonly seed: number;
  /** Up to how many consumers drain a backlog. */
  readonly mostConsumers: number;
}

/** A number over the time of a run: ms since its start, and what it was. */
export type Series = readonly (readonly [atMs: number, value: number])[];

/** What one run on one broker came to: everything that a cell of the table or a plot of the report rests on. */
export interface RunResult {
  readonly run: RunName;
  readonly broker: BrokerName;
  /** What was varied within a run: the number of consumers, the size, the format. */
  readonly variant?: string;
  readonly settings: Settings;
  readonly ms: number;
  /** By group of consumers. */
  readonly findings: Readonly<Record<string, Findings>>;
  /** Left out where the target was saturated: it would tell how long the queue was, not how fast the broker is. */
  readonly latency?: Latency;
  readonly saturated?: Saturation;
  readonly backlog?: Series;
  /** Of the machine in the last minute, for each of its cores: above 1 the run measured the machine, too. */
  readonly load?: number;
  /** Messages a second that came through. */
  readonly throughput?: number;
  /** In words, what was seen. */
  readonly seen: string;
  /** Why there is nothing to be seen here, instead of what was. */
  readonly notMeasurable?: string;
}

export interface RunContext {
  readonly broker: Broker;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Takes a line for the person who waits. */
  readonly say: (line: string) => void;
}

/** One question to a broker. */
export type Run = (context: RunContext) => Promise<readonly RunResult[]>;

/** @param why there is nothing to be seen */
export const notMeasurable = ({ broker, settings }: RunContext, run: RunName, why: string): RunResult => ({
  run,
  broker: broker.name,
  settings,
  ms: 0,
  findings: {},
  seen: '',
  notMeasurable: why,
});
