import { formatNames } from '../formats/format.ts';
import type { Run, RunResult } from './run.ts';
import { MOST_MESSAGES } from './sizes.ts';
import { steady } from './steady.ts';

/** The same load in each format: writing and reading it are part of the way from end to end. */
export const formats: Run = async (context) => {
  const messages = Math.min(MOST_MESSAGES, context.settings.messages);
  const results: RunResult[] = [];
  for (const format of formatNames) {
    if (context.signal.aborted) break;
    const settings = { ...context.settings, format, messages };
    results.push(await steady({ ...context, settings }, 'formats', format));
  }
  return results;
};
