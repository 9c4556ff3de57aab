import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * An id as API Gateway gives them (lowercase letters and digits), but the same on every start:
 * URLs that a person has noted down stay valid.
 */
export const stableId = (length: number, ...path: readonly string[]): string => {
  const digest = createHash('sha256').update(path.join('\n')).digest();
  // A letter first: ids also stand as the first label of a host name.
  return Array.from(
    digest.subarray(0, length),
    (byte, index) => alphabet[byte % (index === 0 ? 26 : 36)],
  ).join('');
};
