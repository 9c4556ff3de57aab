import type { Played } from '../../scenarios/scenario.ts';
import type { Gap } from '../../verify/gap.ts';

/** What one scenario came to on an endpoint, beside what was expected of it there. */
export interface Verdict {
  readonly scenario: string;
  readonly passed: boolean;
  /** As expected: passed and not listed, or failed and listed. */
  readonly expected: boolean;
  readonly words: string;
}

/**
 * Judges what was played by the list of gaps.
 * @param slow names of scenarios that wait for longer than there is patience at this endpoint
 */
export const judge = (played: Played, gaps: readonly Gap[], slow: readonly string[]): Verdict => {
  const { name: scenario, passed, checks } = played;
  const gap = gaps.find(({ scenarios }) => scenarios.includes(scenario));
  const failed = checks.filter((check) => !check.passed).map(({ name, evidence }) => `${name} (${evidence})`);
  const gaveUp = failed.length === 1 && failed[0]?.includes('TooLongError');
  if (slow.includes(scenario)) {
    return gaveUp
      ? { scenario, passed, expected: true, words: `right as far as it was played: ${failed[0]}` }
      : {
          scenario,
          passed,
          expected: false,
          words: `listed as slow, but: ${failed.join('; ') || 'it passed'}`,
        };
  }
  if (passed) {
    return gap
      ? { scenario, passed, expected: false, words: `passes, though listed as a gap: ${gap.reason}` }
      : { scenario, passed, expected: true, words: `passed in ${played.ms} ms` };
  }
  return gap
    ? { scenario, passed, expected: true, words: `known gap: ${gap.reason}` }
    : { scenario, passed, expected: false, words: `FAILED: ${failed.join('; ')}` };
};
