import { availableParallelism, loadavg } from 'node:os';
import type { Broker, BrokerName } from './broker.ts';
import { reasonOf } from './reason.ts';
import { runs } from './runs/index.ts';
import {
  notMeasurable,
  type RunContext,
  type RunName,
  type RunResult,
  runNames,
  type Settings,
} from './runs/run.ts';

export interface MeasureOptions {
  readonly brokers: readonly Broker[];
  /** Any of them, in the lab's own order. */
  readonly runs: readonly RunName[];
  readonly settings: Settings;
  /** Ends what goes on; what was done before is kept. */
  readonly signal: AbortSignal;
  /** Takes a line for the person who waits. */
  readonly say: (line: string) => void;
}

/**
 * Puts every question to every broker, one after the other: two at once would measure each other.
 * A run that breaks off says why, and the next one goes on.
 */
export const measure = async (options: MeasureOptions): Promise<readonly RunResult[]> => {
  const wanted = runNames.filter((name) => options.runs.includes(name));
  const results: RunResult[] = [];
  for (const broker of options.brokers) {
    for (const name of wanted) {
      const done = await ask(broker, name, options);
      // What was cut off tells nothing: a message that was not waited for is not lost.
      if (options.signal.aborted) return results;
      results.push(...done);
      for (const one of done) options.say(line(broker.name, one));
    }
  }
  return results;
};

const ask = async (
  broker: Broker,
  name: RunName,
  { settings, signal, say }: MeasureOptions,
): Promise<readonly RunResult[]> => {
  const context: RunContext = { broker, settings, signal, say };
  try {
    const results = await runs[name](context);
    const load = Math.round(((loadavg()[0] ?? 0) / availableParallelism()) * 10) / 10;
    return results.map((one) => ({ ...one, load }));
  } catch (error) {
    return [notMeasurable(context, name, `broken off: ${reasonOf(error)}`)];
  }
};

const line = (broker: BrokerName, { run, ms, seen, notMeasurable: why }: RunResult): string =>
  `${broker.padEnd(9)} ${run.padEnd(8)} ${`${(ms / 1_000).toFixed(1)} s`.padStart(7)}  ${why ?? seen}`;
