import type { Run } from './run.ts';
import { Session } from './session.ts';

/** After this a newcomer that has seen nothing is not waited for any longer. */
export const NOTHING_COMES_MS = 1_500;

/** All is consumed. Then somebody new comes and asks for it from the start. */
export const replay: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const first = await session.consume();
    await session.send();
    await session.drained();
    await session.stop(first);
    await session.consume({ group: 'late' });
    await session.drained('late', NOTHING_COMES_MS);
    const late = session.findings('late');
    const seen = `a consumer that came afterwards saw ${late.delivered} of ${late.acknowledged}`;
    return [session.result('replay', seen, { findings: { a: session.findings(), late } })];
  });
