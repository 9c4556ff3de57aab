const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** How long to wait after each attempt that failed, in seconds (after the schedule that Standard Webhooks recommends). */
const DELAYS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];

/** How often a webhook is tried in all. */
export const WEBHOOK_ATTEMPTS = DELAYS.length + 1;

/**
 * How long to wait before the next attempt, in whole seconds; `undefined` when there is none.
 * @param attempt the one that has failed, from 1
 * @param random from 0 up to 1: spreads what failed together by a tenth either way, so that it does not come back together
 */
export const delayAfter = (attempt: number, random: number): number | undefined => {
  const delay = DELAYS[attempt - 1];
  return delay === undefined ? undefined : Math.round(delay * (0.9 + 0.2 * random));
};
