import { summarize } from '../../lab/latency.ts';

test('percentiles of a known distribution, in milliseconds to three digits', () => {
  const latencies = Array.from({ length: 10_000 }, (_, index) => (index + 1) / 10);

  const { count, p50, p90, p99, p999, max } = summarize(latencies);

  expect(count).toBe(10_000);
  const expected = { p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000 };
  for (const [name, value] of Object.entries({ p50, p90, p99, p999, max }))
    expect(Math.abs(value - expected[name as keyof typeof expected]) / value).toBeLessThan(0.002);
});
