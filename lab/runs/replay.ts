import type { Run } from './run.ts';
import { Session } from './session.ts';

const NOTHING_COMES_MS = 3_000;

/** All is consumed. Then somebody new comes and asks for it from the start. */
export const replay: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const first = await session.consume();
    const pace = await session.send();
    await session.drained();
    await session.waitFor(() => false, 500);
    await first.stop();
    await session.consume({ group: 'late', from: 'start' });
    await session.drained('late', NOTHING_COMES_MS);
    const { delivered, acknowledged } = session.findings('late');
    const seen = `a consumer that came afterwards saw ${delivered} of ${acknowledged}`;
    return [session.result('replay', seen, { pace, findings: { late: session.findings('late') } })];
  });
