import type { App } from './app/app.ts';
import { printTrace } from './app/trace/print.ts';
import { traceOf } from './app/trace/tree.ts';

/** One asserted guarantee of a scenario, with what was seen. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly evidence: string;
}

/** A step of the story, for whoever watches. */
export interface Hop {
  readonly name: string;
  readonly atMs: number;
}

export interface Stage {
  readonly app: App;
  /** States a guarantee, and keeps what was seen as its evidence. A failed check does not end the story. */
  check(name: string, passed: boolean, evidence?: unknown): void;
  /** Tells what has just happened; `at` is a time in ms since the epoch, now when left out. */
  hop(name: string, at?: number): void;
  /**
   * Names what to look into when a check fails: an id of a job, a message, a request. The jobs that were asked for are
   * known already. Told on the local cloud only.
   */
  trace(id: string): void;
}

export interface Scenario {
  readonly name: string;
  /** The pattern of the README's table that it demonstrates. */
  readonly pattern: string;
  readonly proves: string;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Played {
  readonly name: string;
  readonly pattern: string;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  readonly hops: readonly Hop[];
  readonly ms: number;
}

export const scenario = (
  name: string,
  pattern: string,
  proves: string,
  play: (stage: Stage) => Promise<void>,
): Scenario => ({ name, pattern, proves, play });

/** Runs one scenario to its end: an error becomes a failed check, so that the others still run. */
export const play = async (
  { name, pattern, play: story }: Scenario,
  app: App,
  watch: (line: string) => void = () => undefined,
): Promise<Played> => {
  const startedAt = Date.now();
  const checks: Check[] = [];
  const hops: Hop[] = [];
  const ids: string[] = [];
  const check: Stage['check'] = (what, passed, evidence = '') => {
    checks.push({ name: what, passed, evidence: describe(evidence) });
    watch(`  ${passed ? '✓' : '✗'} ${what}${evidence === '' ? '' : `  (${describe(evidence)})`}`);
  };
  const hop: Stage['hop'] = (what, at = Date.now()) => {
    hops.push({ name: what, atMs: at - startedAt });
    watch(`  ${String(at - startedAt).padStart(6)} ms  ${what}`);
  };
  try {
    await story({ app, check, hop, trace: (id) => ids.push(id) });
  } catch (error) {
    check('runs to its end', false, error instanceof Error ? `${error.name}: ${error.message}` : error);
  }
  const passed = checks.length > 0 && checks.every((one) => one.passed);
  if (!passed) await showTraces(app, ids, watch);
  return { name, pattern, passed, checks, hops, ms: Date.now() - startedAt };
};

/** More of them would hide the checks. */
const MOST_TRACES = 2;

/** The way of the first ids through all services, as far as the cloud can tell it. */
const showTraces = async (app: App, ids: readonly string[], watch: (line: string) => void): Promise<void> => {
  const events = await app.local?.trace().catch(() => undefined);
  if (!events) return;
  const named = ids.length > 0 ? ids : app.jobs.requested.slice(-MOST_TRACES);
  for (const id of named.slice(0, MOST_TRACES))
    watch(`  trace of ${id}\n${printTrace(traceOf(events, id)) || '  nothing names it'}`);
};

const describe = (evidence: unknown): string =>
  typeof evidence === 'string' ? evidence : JSON.stringify(evidence);
