import type { Answer } from '../ledger.ts';

/**
 * What a send came to. An answer that says no is a failure; no answer leaves open whether the broker has the message.
 * @param send resolves when the broker has acknowledged
 */
export const answerOf = async (send: () => Promise<unknown>): Promise<Answer> => {
  try {
    await send();
    return { outcome: 'acknowledged' };
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    return { outcome: saysNo(error) ? 'failed' : 'unknown', reason };
  }
};

/** The SDK's errors carry the answer's status; a broken connection has none, and a 5xx may have been taken. */
const saysNo = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  '$metadata' in error &&
  typeof error.$metadata === 'object' &&
  error.$metadata !== null &&
  'httpStatusCode' in error.$metadata &&
  typeof error.$metadata.httpStatusCode === 'number' &&
  error.$metadata.httpStatusCode < 500;
