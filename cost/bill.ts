import { LINES, type Line, type Usage } from './lines.ts';
import type { Prices } from './prices.ts';

export interface BillLine {
  readonly line: Line;
  readonly title: string;
  readonly units: number;
  /** `null` where there is no price. */
  readonly cost: number | null;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** Of the lines that have a price. */
  readonly total: number;
}

/** In the order of the lines, those only that were used. */
export const billOf = (usage: Usage, prices: Prices): Bill => {
  const lines = keys.flatMap((line): BillLine[] => {
    const units = usage.get(line);
    if (units === undefined) return [];
    const price = prices.lines.get(line);
    const cost =
      price?.price === undefined || price.price === null ? null : (units / price.per) * price.price;
    return [{ line, title: LINES[line], units, cost }];
  });
  return { lines, total: lines.reduce((sum, { cost }) => sum + (cost ?? 0), 0) };
};

const keys = Object.keys(LINES).filter((key): key is Line => Object.hasOwn(LINES, key));
