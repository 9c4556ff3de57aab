import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 50;

/** Waits before entries of a batch call are tried again: longer each time, and never two callers alike. */
export const pauseBefore = async (attempt: number): Promise<void> => {
  await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2));
};
