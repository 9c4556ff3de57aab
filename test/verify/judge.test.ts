import { judge } from '../../bin/verify/judge.ts';
import type { Played } from '../../scenarios/scenario.ts';
import type { Gap } from '../../verify/gap.ts';

const played = (passed: boolean): Played => ({
  name: 'topic',
  pattern: 'topic',
  passed,
  checks: [{ name: 'each has its copy', passed, evidence: '2 of 3' }],
  hops: [],
  ms: 12,
});
const gap: Gap = { scenarios: ['topic'], reason: 'drops filters', reproduce: async () => 'seen' };

test.each([
  { passed: true, gaps: [], expected: true, says: 'passed' },
  { passed: false, gaps: [], expected: false, says: 'each has its copy (2 of 3)' },
  { passed: false, gaps: [gap], expected: true, says: 'drops filters' },
  { passed: true, gaps: [gap], expected: false, says: 'though listed' },
])('a scenario that passed: $passed, with $gaps.length gaps listed, is expected: $expected', (given) => {
  const verdict = judge(played(given.passed), given.gaps, []);

  expect(verdict.expected).toBe(given.expected);
  expect(verdict.words).toContain(given.says);
});

test.each([
  { evidence: 'TooLongError: it would have to wait for 180 seconds', expected: true },
  { evidence: 'Error: not found', expected: false },
])('a slow scenario may end for want of patience only: $evidence', ({ evidence, expected }) => {
  const gaveUp = { ...played(false), checks: [{ name: 'runs to its end', passed: false, evidence }] };

  expect(judge(gaveUp, [], ['topic']).expected).toBe(expected);
});
