import { nowMs } from '../message.ts';
import type { Run, RunContext, RunResult } from './run.ts';
import { Session } from './session.ts';

const CONSUMERS = [1, 2, 4, 8];
/** The work waits, as a call to another service does: two cores suffice for eight consumers. */
const WORK_MS = 10;
/** A backlog that one consumer works on for some seconds. */
const MOST_MESSAGES = 400;
/** All at once: the consumers shall set the pace. Messages a second. */
const RATE = 1_000;

/** The same backlog with more and more consumers. */
export const scale: Run = async (context) => {
  const { settings } = context;
  const atOnce = {
    ...context,
    settings: { ...settings, rate: RATE, messages: Math.min(MOST_MESSAGES, settings.messages) },
  };
  const results: RunResult[] = [];
  for (const of of CONSUMERS) {
    if (context.signal.aborted) break;
    results.push(await worked(atOnce, of));
  }
  return results;
};

const worked = (context: RunContext, of: number): Promise<RunResult> =>
  Session.with(context, ['a'], async (session) => {
    const starting = Array.from({ length: of }, (_, index) =>
      session.consume({ workMs: WORK_MS, share: { index, of } }),
    );
    await Promise.all(starting);
    await session.divided(of);
    const startedAt = nowMs();
    await session.send();
    await session.drained();
    const endedAt = session.receivedBy().at(-1)?.at ?? nowMs();
    const throughput = session.findings().delivered / ((endedAt - startedAt) / 1_000);
    const seen = `${of} ${of === 1 ? 'consumer' : 'consumers'}, ${WORK_MS} ms of work a message: ${Math.round(throughput)} messages/s`;
    return session.result('scale', seen, { variant: String(of), throughput });
  });
