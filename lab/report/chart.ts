import { element, line, linear, logarithmic, round, type Scale, text, ticks } from './svg.ts';

export interface Line {
  readonly name: string;
  readonly color: string;
  /** Sorted by x. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axis {
  readonly label: string;
  /** Labels for places that are not numbers, such as percentiles. */
  readonly names?: readonly (readonly [at: number, name: string])[];
}

const WIDTH = 640;
const HEIGHT = 320;
const PLOT = { left: 64, right: 500, top: 16, bottom: 268 };

/** Lines over two axes, with a legend beside them. */
export const lineChart = (title: string, lines: readonly Line[], x: Axis, y: Axis, log = false): string => {
  const all = lines.flatMap(({ points }) => points);
  const xTicks = x.names ?? ticks(Math.max(...all.map(([at]) => at), 1)).map((at) => [at, `${at}`] as const);
  const yTicks = log
    ? decades(all.map(([, value]) => value))
    : ticks(Math.max(...all.map(([, value]) => value), 1));
  const xScale = linear(ends(xTicks.map(([at]) => at)), [PLOT.left, PLOT.right]);
  const yScale = (log ? logarithmic : linear)(ends(yTicks), [PLOT.bottom, PLOT.top]);
  return frame(title, [
    axes(xTicks, yTicks, xScale, yScale, x, y),
    ...lines.map((one) => drawn(one, xScale, yScale)),
    legend(lines),
  ]);
};

export interface Bar {
  readonly name: string;
  readonly color: string;
  readonly value: number;
}

/** A bar for each name, grouped; the number stands above each, so that a 0 can be seen. */
export const barChart = (
  title: string,
  groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[],
  label: string,
): string => {
  const yTicks = ticks(Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)), 1));
  const yScale = linear(ends(yTicks), [PLOT.bottom, PLOT.top]);
  const width = (PLOT.right - PLOT.left) / groups.length;
  const xTicks = groups.map(({ name }, index) => [index + 0.5, name] as const);
  const xScale = linear([0, groups.length], [PLOT.left, PLOT.right]);
  const drawnBars = groups.flatMap(({ bars }, group) => {
    const each = (width * 0.8) / bars.length;
    return bars.map(({ value, color }, index) => {
      const left = PLOT.left + group * width + width * 0.1 + index * each;
      const top = yScale(value);
      const rect = { x: round(left), y: round(top), width: round(each * 0.9), fill: color };
      return (
        element('rect', { ...rect, height: round(PLOT.bottom - top) }) +
        text(left + each * 0.45, top - 4, `${value}`, { 'text-anchor': 'middle', class: 'number' })
      );
    });
  });
  const axis = axes(xTicks, yTicks, xScale, yScale, { label: '' }, { label });
  return frame(title, [axis, ...drawnBars, legend(groups[0]?.bars ?? [])]);
};

const frame = (title: string, content: readonly string[]): string =>
  element(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': title,
      xmlns: 'http://www.w3.org/2000/svg',
    },
    content.join(''),
  );

const axes = (
  xTicks: readonly (readonly [number, string])[],
  yTicks: readonly number[],
  xScale: Scale,
  yScale: Scale,
  x: Axis,
  y: Axis,
): string =>
  [
    ...yTicks.map(
      (at) =>
        line(PLOT.left, yScale(at), PLOT.right, yScale(at), { class: 'grid' }) +
        text(PLOT.left - 8, yScale(at) + 4, `${at}`, { 'text-anchor': 'end' }),
    ),
    ...xTicks.map(([at, name]) => text(xScale(at), PLOT.bottom + 18, name, { 'text-anchor': 'middle' })),
    line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, { class: 'axis' }),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 40, x.label, { 'text-anchor': 'middle' }),
    text(16, (PLOT.top + PLOT.bottom) / 2, y.label, {
      'text-anchor': 'middle',
      transform: `rotate(-90 16 ${(PLOT.top + PLOT.bottom) / 2})`,
    }),
  ].join('');

const drawn = ({ points, color }: Line, xScale: Scale, yScale: Scale): string => {
  const places = points.map(([x, y]) => `${round(xScale(x))},${round(yScale(y))}`);
  const dots = points.length > 20 ? [] : points;
  return (
    element('polyline', { points: places.join(' '), fill: 'none', stroke: color, 'stroke-width': 2 }) +
    dots
      .map(([x, y]) => element('circle', { cx: round(xScale(x)), cy: round(yScale(y)), r: 3, fill: color }))
      .join('')
  );
};

const legend = (entries: readonly { readonly name: string; readonly color: string }[]): string =>
  entries
    .map(({ name, color }, index) => {
      const y = PLOT.top + 12 + index * 20;
      return (
        element('rect', { x: PLOT.right + 16, y: y - 9, width: 12, height: 12, fill: color }) +
        text(PLOT.right + 34, y + 1, name)
      );
    })
    .join('');

/** Powers of ten around all values. */
const decades = (values: readonly number[]): number[] => {
  const positive = values.filter((one) => one > 0);
  const from = Math.floor(Math.log10(Math.min(...positive, 1)));
  const to = Math.ceil(Math.log10(Math.max(...positive, 10)));
  return Array.from({ length: to - from + 1 }, (_, index) => Number((10 ** (from + index)).toPrecision(1)));
};

const ends = (values: readonly number[]): readonly [number, number] => [values[0] ?? 0, values.at(-1) ?? 1];
