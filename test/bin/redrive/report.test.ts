import { ageOf, describeLetter, describeRedriven } from '../../../bin/redrive/report.ts';

test.each([
  [-1, '0 s'],
  [999, '0 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [2 * 86_400_000 + 3 * 3_600_000 + 59_000, '2 d 3 h'],
])('an age of %i ms is told as %s', (ms, told) => {
  expect(ageOf(ms)).toBe(told);
});

const letter = { id: 'm-1', body: '{}', cause: {}, receiveCount: 6, sentAt: 0 };

test('a letter tells its cause first, or where to look for it', () => {
  const [, cause] = describeLetter({ ...letter, cause: { problemType: 'urn:x' } }, 0).split('\n');
  const [, none] = describeLetter(letter, 0).split('\n');

  expect(cause).toBe('  problemType: urn:x');
  expect(none).toContain('the log of the consumer has it');
});

test('a letter tells its age, its receives, its source and its group, and a long body by its length', () => {
  const told = describeLetter(
    { ...letter, body: 'x'.repeat(2000), source: 'arn:aws:sqs:r:1:Jobs', groupId: 'image-1' },
    60_000,
  );

  expect(told).toContain('sent 1 min ago, received 6 times, from Jobs, group image-1');
  expect(told).toContain('... (2000 characters)');
});

test.each([
  [
    { status: 'COMPLETED', destination: 'arn:aws:sqs:r:1:Jobs', moved: 3, failed: 0 },
    'moved 3 to Jobs, failed 0',
  ],
  [{ status: 'COMPLETED', moved: 3, failed: 0 }, 'moved 3 to where they came from, failed 0'],
  [
    { status: 'FAILED', moved: 1, failed: 2, reason: 'CouldNotDetermineMessageSource' },
    'moved 1 to where they came from, failed 2: FAILED (CouldNotDetermineMessageSource): name where the messages go with --to QUEUE',
  ],
])('%j is told in one line', (redriven, told) => {
  expect(describeRedriven(redriven)).toBe(told);
});
