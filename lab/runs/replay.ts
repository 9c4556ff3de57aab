import type { Run } from './run.ts';
import { Session } from './session.ts';

const NOTHING_COMES_MS = 3_000;

/** All is consumed. Then somebody new comes and asks for it from the start. */
export const replay: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const first = await session.consume();
    await session.send();
    await session.drained();
    // The last message is acknowledged after it was seen.
    await session.settle(500);
    await first.stop();
    await session.consume({ group: 'late' });
    await session.drained('late', NOTHING_COMES_MS);
    const late = session.findings('late');
    const seen = `a consumer that came afterwards saw ${late.delivered} of ${late.acknowledged}`;
    return [session.result('replay', seen, { findings: { a: session.findings(), late } })];
  });
