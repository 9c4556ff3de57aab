/** Text as the content of an element or an attribute of XML or HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

type Attributes = Readonly<Record<string, string | number>>;

/** One element of SVG. */
export const element = (name: string, attributes: Attributes, content = ''): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${written.join('')}>${content}</${name}>`;
};

export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x: round(x), y: round(y), ...attributes }, escaped(content));

export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string =>
  element('line', { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), ...attributes });

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Where values of a domain lie within a range of pixels. */
export type Scale = (value: number) => number;

export const linear =
  ([from, to]: readonly [number, number], [first, last]: readonly [number, number]): Scale =>
  (value) =>
    first + ((value - from) / (to - from || 1)) * (last - first);

/** Powers of ten are equally far apart. @param from above 0 */
export const logarithmic =
  ([from, to]: readonly [number, number], range: readonly [number, number]): Scale =>
  (value) =>
    linear([Math.log10(from), Math.log10(to)], range)(Math.log10(Math.max(from, value)));

/** Round numbers from 0 to at least `most`: steps of 1, 2 or 5 times a power of ten. */
export const ticks = (most: number, about = 5): number[] => {
  const rough = Math.max(most, 1e-9) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  return Array.from(
    { length: Math.ceil(most / step - 1e-9) + 1 },
    (_, index) => round(index * step * 1e6) / 1e6,
  );
};
