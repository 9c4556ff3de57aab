import { describeActivity, lastMinutes, minuteOf } from '../../../lambdas/domain/activity.ts';

test.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T00:00:59.999Z', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T00:01:00.000Z', '2026-01-01T00:01:00.000Z'],
])('%s is in the minute of %s', (at, minute) => {
  expect(minuteOf(new Date(at))).toBe(minute);
});

test('the last minutes end with the one that is under way, and go over midnight', () => {
  expect(lastMinutes(new Date('2026-01-01T00:01:30.000Z'), 3)).toEqual([
    '2025-12-31T23:59:00.000Z',
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:01:00.000Z',
  ]);
});

test('counts are told oldest first, with their sums', () => {
  const [first = '', second = ''] = lastMinutes(new Date('2026-01-01T00:01:30.000Z'), 2);

  const told = describeActivity(
    [first, second],
    [
      { minute: second, type: 'b', count: 1 },
      { minute: first, type: 'b', count: 2 },
      { minute: second, type: 'a', count: 4 },
    ],
  );

  expect(told).toEqual({
    from: first,
    minutes: 2,
    total: 7,
    types: { a: 4, b: 3 },
    counts: [
      { minute: first, type: 'b', count: 2 },
      { minute: second, type: 'a', count: 4 },
      { minute: second, type: 'b', count: 1 },
    ],
  });
});
