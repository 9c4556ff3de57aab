import type { Run, RunResult } from './run.ts';
import { steady } from './steady.ts';

export const SIZES = { '100B': 100, '1KB': 1_024, '64KB': 65_536 };
/** There are several of these. */
export const MOST_MESSAGES = 200;

/** The same load with messages of several sizes. */
export const sizes: Run = async (context) => {
  const messages = Math.min(MOST_MESSAGES, context.settings.messages);
  const results: RunResult[] = [];
  for (const [variant, size] of Object.entries(SIZES)) {
    if (context.signal.aborted) break;
    const settings = { ...context.settings, size, messages };
    results.push(await steady({ ...context, settings }, 'sizes', variant));
  }
  return results;
};
