import { kinesis } from '../../../lab/brokers/kinesis.ts';
import { Session } from '../../../lab/runs/session.ts';
import type { Clock } from '../../../local/clock.ts';
import { SystemClock } from '../../../local/clock.ts';
import { contextOf } from '../support/context.ts';
import { startLabCloud } from '../support/lab-cloud.ts';

const HOUR_MS = 3_600_000;

/** The time of a stream that differs from that of whoever reads it. */
const ahead = (byMs: number): Clock => {
  const clock = new SystemClock();
  return {
    now: () => clock.now() + byMs,
    after: (ms, run) => clock.after(ms, run),
    afterWork: (ms, run) => clock.afterWork(ms, run),
  };
};

test.each([
  ['behind', -HOUR_MS],
  ['ahead', HOUR_MS],
])(
  'a run reads its own records, all of them and no others, on a stream whose clock is an hour %s',
  async (_, byMs) => {
    const cloud = await startLabCloud(ahead(byMs));
    const broker = kinesis(cloud.target);

    try {
      // What an earlier run left behind is not read again.
      await Session.with(contextOf(broker), ['a'], (session) => session.send(50));
      const findings = await Session.with(contextOf(broker), ['a'], async (session) => {
        await session.send(50);
        await session.consume();
        await session.drained();
        return session.findings();
      });

      expect(findings).toMatchObject({ acknowledged: 50, delivered: 50, lost: [], phantoms: [] });
    } finally {
      await cloud.close();
    }
  },
  60_000,
);
