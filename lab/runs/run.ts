import type { Broker, BrokerName } from '../broker.ts';
import type { Findings } from '../checker.ts';
import type { Latency } from '../latency.ts';

export const runNames = [
  'clean',
  'crash',
  'away',
  'outage',
  'retry',
  'share',
  'replay',
  'scale',
  'sizes',
] as const;
export type RunName = (typeof runNames)[number];

export interface Settings {
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  /** Of a message's padding, in bytes. */
  readonly size: number;
  readonly seed: number;
}

/** A number over the time of a run: ms since its start, and what it was. */
export type Series = readonly (readonly [atMs: number, value: number])[];

/** What one run on one broker came to: everything that a cell of the table or a plot of the report rests on. */
export interface RunResult {
  readonly run: RunName;
  readonly broker: BrokerName;
  /** What was varied within a run: the number of consumers, the size. */
  readonly variant?: string;
  readonly settings: Settings;
  readonly ms: number;
  /** By group of consumers. */
  readonly findings: Readonly<Record<string, Findings>>;
  readonly latency?: Latency;
  readonly backlog?: Series;
  /** Messages a second that came through. */
  readonly throughput?: number;
  /** The target took less than the rate: the plan was late by this much in the end, in ms. */
  readonly saturatedByMs?: number;
  /** In words, what was seen. */
  readonly seen: string;
  /** Why there is nothing to be seen here, instead of what was. */
  readonly notMeasurable?: string;
}

export interface RunContext {
  readonly broker: Broker;
  readonly settings: Settings;
  /** What can be made to fail, where it is ours. */
  readonly outage?: { kill(): Promise<void>; restart(): Promise<void> };
  readonly signal: AbortSignal;
}

/** One question to a broker. */
export type Run = (context: RunContext) => Promise<readonly RunResult[]>;
