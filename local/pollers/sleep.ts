import type { Clock } from '../clock.ts';

/** Resolves after `ms` milliseconds of the clock, or as soon as one of the signals says so. */
export const sleep = (clock: Clock, ms: number, ...signals: readonly AbortSignal[]): Promise<void> => {
  if (signals.some(({ aborted }) => aborted)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    for (const signal of signals) signal.addEventListener('abort', end);
  });
};
