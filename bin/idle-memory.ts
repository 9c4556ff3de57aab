import { Session } from 'node:inspector/promises';

const LOOK_EVERY_MS = 2000;
/** Of one core. */
const IDLE_CPU = 0.05;

/**
 * Gives memory back when a busy time has ended: V8 keeps the pages that a start or a load needed, as it does not know
 * that nothing more will come (183 MB after the start of the example, 127 MB of them needed). Keeps no process alive.
 */
export const collectWhenIdle = (): void => {
  let before = process.cpuUsage();
  let wasBusy = true;
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const isBusy = (user + system) / 1000 / LOOK_EVERY_MS > IDLE_CPU;
    if (wasBusy && !isBusy) void collect();
    wasBusy = isBusy;
  }, LOOK_EVERY_MS).unref();
};

/** The collection that a browser does when memory is low: `gc()` would keep the pages. */
const collect = async (): Promise<void> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
};
