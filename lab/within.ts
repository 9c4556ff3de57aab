import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for something no longer than `ms`; what it is waiting for goes on.
 * @throws Error when it takes longer, or as `going` does
 */
export const within = async <T>(ms: number, going: Promise<T>): Promise<T> => {
  const done = new AbortController();
  const tooLate = pause(ms, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no answer within ${ms} ms`);
  });
  try {
    return await Promise.race([going, tooLate]);
  } finally {
    done.abort();
    // The end of the pause is of no interest any more.
    tooLate.catch(() => undefined);
  }
};
