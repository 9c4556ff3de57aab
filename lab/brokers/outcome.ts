import type { Outcome } from '../ledger.ts';

/**
 * What a send came to. An answer that says no is a failure; no answer leaves open whether the broker has the message.
 * @param send resolves when the broker has acknowledged
 */
export const outcomeOf = async (send: () => Promise<unknown>): Promise<Outcome> => {
  try {
    await send();
    return 'acknowledged';
  } catch (error) {
    return hasAnswer(error) ? 'failed' : 'unknown';
  }
};

/** The SDK's errors carry the answer's status; a broken connection has none. */
const hasAnswer = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  '$metadata' in error &&
  typeof error.$metadata === 'object' &&
  error.$metadata !== null &&
  'httpStatusCode' in error.$metadata &&
  typeof error.$metadata.httpStatusCode === 'number' &&
  error.$metadata.httpStatusCode < 500;
