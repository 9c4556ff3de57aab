import { nowMs } from '../message.ts';
import type { Run, RunContext, RunResult } from './run.ts';
import { Session } from './session.ts';

const CONSUMERS = [1, 2, 4, 8];
/** The work waits, as a call to another service does: two cores suffice for eight consumers. */
export const WORK_MS = 10;
/** A backlog that one consumer works on for some seconds. */
const MOST_MESSAGES = 400;
/** Nobody reads while it grows. Messages a second. */
export const FILL_RATE = 1_000;

/** How much lies there, and by how many consumers it is drained. */
export const scaleOf = ({ messages, mostConsumers }: RunContext['settings']) => ({
  backlog: Math.min(MOST_MESSAGES, messages),
  consumers: CONSUMERS.filter((count) => count <= mostConsumers),
});

/** The same backlog is drained by more and more consumers. */
export const scale: Run = async (context) => {
  const { backlog, consumers } = scaleOf(context.settings);
  const results: RunResult[] = [];
  for (const of of consumers) {
    if (context.signal.aborted) break;
    results.push(await drainedBy(context, of, backlog));
  }
  return results;
};

const drainedBy = (context: RunContext, of: number, messages: number): Promise<RunResult> =>
  Session.with(context, ['a'], async (session) => {
    const starting = Array.from({ length: of }, (_, index) =>
      session.consume({ workMs: WORK_MS, share: { index, of }, waits: true }),
    );
    const consumers = await Promise.all(starting);
    await session.divided(of);
    await session.send(messages, { rate: FILL_RATE });
    const filled = session.waiting();
    const begunAt = nowMs();
    for (const consumer of consumers) consumer.begin();
    const backlog = await session.sampled(() => session.drained());
    const endedAt = session.receivedBy().at(-1)?.at ?? nowMs();
    const throughput = session.findings().delivered / ((endedAt - begunAt) / 1_000);
    const seen =
      `${of} ${of === 1 ? 'consumer' : 'consumers'}, ${WORK_MS} ms of work a message, a backlog of ${filled}: ` +
      `${Math.round(throughput)} messages/s drained`;
    return session.result('scale', seen, { variant: String(of), throughput, backlog });
  });
