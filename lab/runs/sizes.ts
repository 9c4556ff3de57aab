import type { Run, RunResult } from './run.ts';
import { Session } from './session.ts';

const SIZES = { '100B': 100, '1KB': 1_024, '64KB': 65_536 };
const MOST_MESSAGES = 200;

/** The same load with messages of several sizes. */
export const sizes: Run = async (context) => {
  const results: RunResult[] = [];
  for (const [variant, size] of Object.entries(SIZES)) {
    if (context.signal.aborted) break;
    const messages = Math.min(MOST_MESSAGES, context.settings.messages);
    const sized = { ...context, settings: { ...context.settings, size, messages } };
    results.push(
      await Session.with(sized, ['a'], async (session) => {
        await session.consume();
        const pace = await session.send();
        await session.drained();
        const latency = session.latency();
        const seen = `${variant}: p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`;
        return session.result('sizes', seen, { pace, variant, latency });
      }),
    );
  }
  return results;
};
