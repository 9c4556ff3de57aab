import { nowMs } from '../message.ts';
import type { Run, RunResult } from './run.ts';
import { Session } from './session.ts';

const CONSUMERS = [1, 2, 4, 8];
/** The work waits, as a call to another service does: two cores suffice for eight consumers. */
const WORK_MS = 10;
/** A backlog that one consumer works on for some seconds. */
const MOST_MESSAGES = 400;

/** The same backlog with more and more consumers. */
export const scale: Run = async (context) => {
  const results: RunResult[] = [];
  for (const of of CONSUMERS) {
    if (context.signal.aborted) break;
    results.push(
      await Session.with(context, ['a'], async (session) => {
        const messages = Math.min(MOST_MESSAGES, context.settings.messages);
        const consumers = Array.from({ length: of }, (_, index) =>
          session.consume({ workMs: WORK_MS, share: { index, of } }),
        );
        await Promise.all(consumers);
        const fast = { ...context, settings: { ...context.settings, rate: 1_000 } };
        const startedAt = nowMs();
        const pace = await session.send(Math.min(messages, fast.settings.rate));
        await session.drained();
        const throughput = session.findings().delivered / ((nowMs() - startedAt) / 1_000);
        const seen = `${of} consumers, ${WORK_MS} ms of work a message: ${Math.round(throughput)} messages/s`;
        return session.result('scale', seen, { pace, variant: String(of), throughput });
      }),
    );
  }
  return results;
};
