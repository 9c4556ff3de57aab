import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../local/errors.ts';
import { isLine, type Line } from './lines.ts';

const Price = z.strictObject({
  /** `null` where no price was found: the line is then told in units only. */
  price: z.number().min(0).nullable(),
  /** For so many units. */
  per: z.number().positive(),
  source: z.string().min(1),
});

const PriceFile = z.strictObject({
  date: z.iso.date(),
  region: z.string().min(1),
  currency: z.string().min(1),
  note: z.string().optional(),
  lines: z.record(z.string().refine(isLine, 'is no line of the bill'), Price),
  /** By the hour. */
  shardHour: Price,
});

export type Price = z.infer<typeof Price>;

export interface Prices {
  readonly date: string;
  readonly region: string;
  readonly currency: string;
  readonly lines: ReadonlyMap<Line, Price>;
  readonly shardHour: Price;
}

export const PRICE_FILE = join(import.meta.dirname, 'prices.json');

/** @throws {UserError} when the file is not there, or not a price file */
export const readPrices = async (file: string): Promise<Prices> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`--prices ${file}: there is no such file`);
  });
  const read = PriceFile.safeParse(parsed(text));
  if (!read.success) throw new UserError(`--prices ${file}: ${z.prettifyError(read.error)}`);
  const { lines, note: _, ...rest } = read.data;
  const known = Object.entries(lines).flatMap(([key, price]): [Line, Price][] =>
    isLine(key) ? [[key, price]] : [],
  );
  return { ...rest, lines: new Map(known) };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
