import type { RunContext, RunName, RunResult, Saturation } from './run.ts';
import { Session } from './session.ts';

/** A plan that is late by more than this, or a backlog of more than this at the rate, was too fast for its target. */
const SATURATED_MS = 1_000;

const perMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

/**
 * One consumer, a steady load, nothing goes wrong. A target that cannot keep up has a backlog, and no latency:
 * that of its messages would only say how long the load went on.
 */
export const steady = (context: RunContext, run: RunName, variant?: string): Promise<RunResult> =>
  Session.with(context, ['a'], async (session) => {
    await session.consume();
    let saturated: Saturation | undefined;
    const backlog = await session.sampled(async () => {
      const { latestByMs } = await session.send();
      const waiting = session.waiting();
      if (latestByMs > SATURATED_MS || waiting * 1_000 > SATURATED_MS * context.settings.rate)
        saturated = { lateByMs: Math.round(latestByMs), waiting };
      await session.drained();
    });
    const { delivered, acknowledged, refused, inversionsPerKey, inversionsOverall } = session.findings();
    const refusals = Object.entries(refused).map(([reason, count]) => `${count} refused (${reason}); `);
    const counts =
      `${delivered} of ${acknowledged} delivered; ${refusals.join('')}` +
      `${inversionsPerKey.length} out of order within their key, ${inversionsOverall} over all`;
    const more = { backlog, ...(variant !== undefined && { variant }) };
    if (saturated) {
      const { waiting, lateByMs } = saturated;
      const seen = `${counts}; saturated at ${context.settings.rate}/s: the sender was ${lateByMs} ms late, and ${waiting} waited when it was done`;
      return session.result(run, seen, { ...more, saturated });
    }
    if (delivered === 0) return session.result(run, counts, more);
    const latency = session.latency();
    const seen = `${counts}; p50 ${perMs(latency.p50)}, p99 ${perMs(latency.p99)}, max ${perMs(latency.max)}`;
    return session.result(run, seen, { ...more, latency });
  });
