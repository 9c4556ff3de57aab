import type { Gap } from './gap.ts';

/**
 * What MiniStack cannot pass, and why. A scenario that is listed and passes fails the run, as one that is not listed and
 * fails: the list is true at each run.
 */
export const knownGaps: readonly Gap[] = [];
