import type { Run } from './run.ts';
import { Session } from './session.ts';

/** A consumer goes, messages are sent while it is away, and it comes back. */
export const away: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const half = Math.max(1, Math.floor(context.settings.messages / 2));
    let sentWhileAway = 0;
    const backlog = await session.sampled(async () => {
      const first = await session.consume();
      await session.send(half);
      await session.drained();
      await session.stop(first);
      const before = session.sent();
      await session.send(half);
      sentWhileAway = session.sent() - before;
      await session.consume();
      await session.drained('a', 15_000);
    });
    const { lost } = session.findings();
    const seen = `${sentWhileAway} sent while it was away; back again, it missed ${lost.length}`;
    return [session.result('away', seen, { backlog })];
  });
