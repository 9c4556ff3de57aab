import type { Bill } from './bill.ts';
import type { Prices } from './prices.ts';
import type { Standing } from './standing.ts';

const MILLION = 1_000_000;

/** Money needs digits here: a single run costs millionths. */
const money = (amount: number): string =>
  amount >= 0.01 ? amount.toFixed(2) : amount === 0 ? '0' : amount.toPrecision(3);

const units = (amount: number): string => (Number.isInteger(amount) ? String(amount) : amount.toFixed(4));

const row = (title: string, count: string, run: string, million: string): string =>
  `  ${title.padEnd(44)}${count.padStart(12)}${run.padStart(14)}${million.padStart(18)}`;

/** One run's bill as a table, and the same a million times. */
export const billTable = (title: string, { lines, total }: Bill, { currency }: Prices): string =>
  [
    title,
    row('', 'units', `${currency} a run`, `${currency} a million`),
    ...lines.map((line) =>
      line.cost === null
        ? row(line.title, units(line.units), 'no price', '')
        : row(line.title, units(line.units), money(line.cost), money(line.cost * MILLION)),
    ),
    row('total of what has a price', '', money(total), money(total * MILLION)),
  ].join('\n');

export interface Compared {
  readonly name: string;
  readonly does: string;
  readonly size: number;
  readonly bill: Bill;
}

/** The same work in different ways, for a million messages or requests each. */
export const comparisonTable = (compared: readonly Compared[], { currency }: Prices): string =>
  [
    `For a million of the same (${currency})`,
    ...compared.flatMap(({ name, does, size, bill }) => [
      `  ${name.padEnd(16)}${money((bill.total / size) * MILLION).padStart(10)}   ${does}`,
      `  ${''.padEnd(29)}${bill.lines.map((line) => `${units(line.units / size)} ${line.title}`).join(', ')}`,
    ]),
  ].join('\n');

export const standingTable = (standing: readonly Standing[], { currency }: Prices): string =>
  [
    `Standing, in a month in which nothing is sent (${currency})`,
    ...standing.map(
      ({ title, units: count, cost }) =>
        `  ${title.padEnd(60)}${units(count).padStart(12)}${(cost === null ? 'no price' : money(cost)).padStart(12)}`,
    ),
  ].join('\n');

/** What the figures are not. */
export const caveats = ({ date, region }: Prices): string =>
  [
    `Prices of ${date}, ${region}, from cost/prices.json (each with its source): they change, edit the file.`,
    'Not exact: durations of functions are those of this machine; every run begins with cold functions where they were idle;',
    'what a scenario asks to see what happens (it polls) is counted as its client; lines with * depend on how long a run takes,',
    'or on what AWS does unseen: there, event sources poll more often than here. Failed requests, storage, logs, metrics, data',
    'transfer, KMS and the free tier are not counted.',
  ].join('\n');
