import { cellsOf } from '../../lab/cells/cells.ts';
import { measure } from '../../lab/measure.ts';
import { lineChart } from '../../lab/report/chart.ts';
import { page, type Report } from '../../lab/report/page.ts';
import { plotsOf } from '../../lab/report/plots.ts';
import { linear, logarithmic, ticks } from '../../lab/report/svg.ts';
import { settings } from './support/context.ts';
import { stubBroker } from './support/stub-broker.ts';

const candidates = [{ name: 'kinesis', version: 'a stub of </script> & "quotes"', emulated: true }] as const;
const results = await measure({
  brokers: [stubBroker({ reorder: 20 })],
  runs: ['clean'],
  settings,
  signal: new AbortController().signal,
  say: () => undefined,
});
const report: Report = {
  target: 'local',
  startedAt: '2026-11-23T12:00:00.000Z',
  versions: { lab: '0.1.0' },
  settings,
  candidates,
  cells: cellsOf(candidates, results),
  results,
  interrupted: true,
};

test('the page needs no network: it names no address but the namespace of SVG', () => {
  const addresses = page(report).match(/https?:\/\/[^"' <]+/g) ?? [];

  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
});

test('the raw data stands in the page as JSON, whatever its texts hold', () => {
  const [, data = ''] =
    /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page(report)) ?? [];

  expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(report)));
});

test('what is not to be overlooked is said at the top', () => {
  const html = page(report);

  expect(html).toContain('Interrupted: not everything was asked.');
  expect(html).toContain('how fast it is says nothing of AWS');
});

test('a plot is drawn for what was measured, and none for what was not', () => {
  const titles = plotsOf(results).map(({ title }) => title);

  expect(titles).toEqual(['Latency from end to end', 'Order violations within a key']);
});

test('a message that was overtaken is a bar of 1', () => {
  const [, order] = plotsOf(results);

  expect(order?.svg).toMatch(/class="number">1<\/text>/);
});

test('a line goes through its points, from the left end of the axis to the right', () => {
  const points = [
    [0, 0],
    [1, 50],
    [2, 100],
  ] as const;

  const svg = lineChart('t', [{ name: 'n', color: 'red', points }], { label: 'x' }, { label: 'y' });

  expect(svg).toContain('<polyline points="64,268 282,142 500,16"');
});

test('scales and ticks', () => {
  expect(linear([0, 10], [0, 100])(5)).toBe(50);
  expect(logarithmic([1, 100], [0, 100])(10)).toBe(50);
  expect(ticks(93)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticks(0.7)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
});
