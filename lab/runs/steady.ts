import { inWords } from '../latency.ts';
import type { RunContext, RunName, RunResult } from './run.ts';
import { Session } from './session.ts';

/**
 * One consumer, a steady load, nothing goes wrong. A target that cannot keep up has a backlog, and no latency:
 * that of its messages would only say how long the load went on.
 */
export const steady = (context: RunContext, run: RunName, variant?: string): Promise<RunResult> =>
  Session.with(context, ['a'], async (session) => {
    await session.consume();
    await session.warmUp();
    const backlog = await session.sampled(async () => {
      await session.send();
      await session.drained();
    });
    const { delivered, acknowledged, refused, inversionsPerKey, inversionsOverall } = session.findings();
    const refusals = Object.entries(refused).map(([reason, count]) => `${count} refused (${reason}); `);
    const counts =
      `${delivered} of ${acknowledged} delivered; ${refusals.join('')}` +
      `${inversionsPerKey.length} out of order within their key, ${inversionsOverall} over all`;
    const more = { backlog, ...(variant !== undefined && { variant }) };
    const saturated = session.saturation();
    if (saturated) {
      const { waiting, lateByMs, drainMs } = saturated;
      const seen = `${counts}; saturated at ${context.settings.rate}/s: ${waiting} waited when the last was due and took ${drainMs} ms more, the sender was ${lateByMs} ms late`;
      return session.result(run, seen, { ...more, saturated });
    }
    const latency = session.latency();
    if (!latency) return session.result(run, counts, more);
    return session.result(run, `${counts}; ${inWords(latency)}`, { ...more, latency });
  });
