import { setTimeout as pause } from 'node:timers/promises';
import { notMeasurable, type Run } from './run.ts';
import { Session } from './session.ts';

/** Producers shall notice. */
export const DOWN_MS = 500;

/** The broker is killed while producers send, and comes back on what it has on disk. */
export const outage: Run = (context) => {
  const { broker, settings, signal } = context;
  const control = broker.outage;
  if (!control) return Promise.resolve([notMeasurable(context, 'outage', 'the broker is not ours to kill')]);
  return Session.with(context, ['a'], async (session) => {
    await session.connect();
    const halfWayMs = (settings.messages / settings.rate) * 500;
    const breaking = async (): Promise<void> => {
      await session.waitFor(() => false, halfWayMs);
      if (signal.aborted) return;
      await control.kill();
      await pause(DOWN_MS);
      await control.restart();
    };
    const backlog = await session.sampled(async () => {
      await Promise.all([session.send(undefined, { mayBeAway: true }), breaking()]);
      await session.consume();
      await session.drained('a', 15_000);
      await session.settle();
    });
    const { lost, acknowledged, unknown, unknownDelivered } = session.findings();
    const seen =
      `SIGKILL with producers running: ${acknowledged} acknowledged, ${lost.length} of them lost; ` +
      `of ${unknown} whose fate was unknown, ${unknownDelivered} came`;
    return [session.result('outage', seen, { backlog })];
  });
};
