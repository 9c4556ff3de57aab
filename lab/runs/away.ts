import type { Run, Series } from './run.ts';
import { Session } from './session.ts';

/** A consumer goes, messages are sent while it is away, and it comes back. */
export const away: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const third = Math.max(1, Math.floor(context.settings.messages / 3));
    let sentWhileAway = 0;
    const backlog: Series = await session.sampled(async () => {
      const first = await session.consume();
      await session.send(third);
      await session.drained();
      await first.stop();
      const before = session.ledger.sent.length;
      await session.send(third);
      sentWhileAway = session.ledger.sent.length - before;
      await session.consume();
      await session.drained('a', 15_000);
    });
    const { lost, acknowledged } = session.findings();
    const seen = `${sentWhileAway} sent while it was away; back again, it had seen ${acknowledged - lost.length} of all ${acknowledged}`;
    return [session.result('away', seen, { backlog })];
  });
