import type { Run } from './run.ts';
import { Session } from './session.ts';

/** How long a dead consumer may keep what it held: the visibility timeout, the session timeout, and some. */
const HELD_MS = 15_000;

/** A consumer is killed with messages in its hands that it has not acknowledged; another one takes over what follows them. */
export const crash: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    const quarter = Math.max(1, Math.floor(context.settings.messages / 4));
    const victim = await session.consume({ holdFrom: quarter });
    const backlog = await session.sampled(async () => {
      await session.send();
      await session.waitFor(() => session.receivedBy().length >= quarter, HELD_MS);
      await victim.kill();
      await session.consume();
      await session.drained('a', HELD_MS);
      await session.settle();
    });
    const { lost, duplicates, redeliveries, inversionsPerKey } = session.findings();
    const again = duplicates.length + redeliveries;
    const seen =
      `killed with message ${quarter} in its hands: ${lost.length} lost, ${again} delivered again, ` +
      `${inversionsPerKey.length} out of order within their key`;
    return [session.result('crash', seen, { backlog })];
  });
