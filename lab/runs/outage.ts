import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from './run.ts';
import { Session } from './session.ts';

const DOWN_MS = 1_000;

/** The broker is killed while producers send, and comes back on what it has on disk. */
export const outage: Run = (context) => {
  const { outage: control, broker, settings } = context;
  if (!control) {
    const notMeasurable = 'the broker is not ours to kill';
    return Promise.resolve([
      { run: 'outage', broker: broker.name, settings, ms: 0, findings: {}, seen: '', notMeasurable },
    ]);
  }
  return Session.with(context, ['a'], async (session) => {
    const halfWayMs = (settings.messages / settings.rate) * 500;
    const breaking = (async () => {
      await pause(halfWayMs);
      await control.kill();
      await pause(DOWN_MS);
      await control.restart();
    })();
    await Promise.all([session.send(), breaking]);
    await session.consume();
    await session.drained('a', 15_000);
    const { lost, acknowledged, unknownDelivered } = session.findings();
    const unknown = session.ledger.sent.length - acknowledged;
    const seen =
      `SIGKILL with producers running: ${acknowledged} acknowledged, ${lost.length} of them lost; ` +
      `of ${unknown} whose fate was unknown, ${unknownDelivered} came`;
    return [session.result('outage', seen)];
  });
};
