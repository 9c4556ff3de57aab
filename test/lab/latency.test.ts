import { inWords, type Latency, summarize } from '../../lab/latency.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => (index + 1) / 10);

test('percentiles of a known distribution, in milliseconds to three digits', () => {
  const latency = summarize(upTo(10_000));

  const expected = { count: 10_000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000, negative: 0 };
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs((latency?.[name as keyof Latency] ?? 0) - value) / (value || 1)).toBeLessThan(0.002);
});

test.each([
  [9, ['p50']],
  [10, ['p50', 'p90']],
  [99, ['p50', 'p90']],
  [100, ['p50', 'p90', 'p99']],
  [999, ['p50', 'p90', 'p99']],
  [1_000, ['p50', 'p90', 'p99', 'p999']],
])('of %i messages there are the percentiles that one of them lies above', (count, names) => {
  const latency = summarize(upTo(count));

  expect(Object.keys(latency ?? {}).filter((name) => name.startsWith('p'))).toEqual(names);
});

test('a percentile that is left out is a dash, with the reason', () => {
  expect(inWords({ count: 90, p50: 1, p90: 2, max: 3, negative: 0 })).toBe(
    'p50 1.0, p90 2.0, p99 — (takes 100 messages), p99.9 — (takes 1,000 messages), max 3.0 ms of 90 messages',
  );
});

test('what was seen before it was sent is counted, and makes no percentile look better', () => {
  const latency = summarize([-5, -0.1, 4, 4]);

  expect(latency).toMatchObject({ count: 2, p50: expect.closeTo(4, 2), negative: 2 });
  expect(latency && inWords(latency)).toMatch(
    /of 2 messages; 2 more were seen before they were sent: the clocks differ, read the rest with care$/,
  );
});

test('nothing that can be true is no latency', () => {
  expect(summarize([])).toBeUndefined();
  expect(summarize([-1])).toBeUndefined();
});
