import type { Clock } from '../clock.ts';

/** Resolves after `ms` milliseconds of the clock, or at once when the signal says so. */
export const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
};
