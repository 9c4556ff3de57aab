import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOf } from '../../cost/bill.ts';
import { LINES, type Line } from '../../cost/lines.ts';
import { PRICE_FILE, type Prices, readPrices } from '../../cost/prices.ts';
import { billTable, caveats } from '../../cost/report.ts';
import { standingCosts } from '../../cost/standing.ts';

const price = (amount: number | null, per = 1_000_000) => ({ price: amount, per, source: 'test' });

const prices: Prices = {
  date: '2026-01-01',
  region: 'us-east-1',
  currency: 'USD',
  lines: new Map<Line, ReturnType<typeof price>>([
    ['sqs.standard', price(0.4)],
    ['sqs.emptyPolls', price(0.4)],
    ['sqs.deliveries', price(null)],
  ]),
  shardHour: price(0.015, 1),
};

test('units times price; what has no price is told in units and is no part of the total', () => {
  const bill = billOf(
    new Map<Line, number>([
      ['sqs.deliveries', 3],
      ['sqs.standard', 5],
      ['sqs.fifo', 1],
    ]),
    prices,
  );

  expect(bill.lines.map(({ line, units, cost }) => [line, units, cost])).toEqual([
    ['sqs.standard', 5, expect.closeTo(0.000002, 12)],
    ['sqs.fifo', 1, null],
    ['sqs.deliveries', 3, null],
  ]);
  expect(bill.total).toBeCloseTo(0.000002, 12);
  expect(billTable('run', bill, prices)).toMatch(/SQS standard requests \(64 KB\) +5 +0\.00000200 +2\.00\n/);
  expect(billTable('run', bill, prices)).toMatch(/SQS messages brought by SNS and S3 \* +3 +no price/);
});

test('shards and idle polls cost the same in every month', () => {
  expect(standingCosts({ shards: 2, polledQueues: 1 }, prices)).toMatchObject([
    { units: 1460, cost: 21.9 },
    { units: 657_000, cost: expect.closeTo(0.2628) },
  ]);
});

test('the price file has a source for every line of the bill, and says of when and where it is', async () => {
  const read = await readPrices(PRICE_FILE);

  expect([...read.lines.keys()].toSorted()).toEqual(Object.keys(LINES).toSorted());
  expect(caveats(read)).toContain(`Prices of ${read.date}, ${read.region}`);
});

test.each([
  ['no JSON', '{'],
  [
    'an unknown line',
    '{"date":"2026-01-01","region":"r","currency":"c","shardHour":{"price":1,"per":1,"source":"s"},"lines":{"sqs.typo":{"price":1,"per":1,"source":"s"}}}',
  ],
  [
    'a price without source',
    '{"date":"2026-01-01","region":"r","currency":"c","shardHour":{"price":1,"per":1},"lines":{}}',
  ],
])('a price file with %s is refused by name', async (_, text) => {
  const file = join(await mkdtemp(join(tmpdir(), 'prices-')), 'prices.json');
  await writeFile(file, text);

  await expect(readPrices(file)).rejects.toThrow(`--prices ${file}: `);
});
