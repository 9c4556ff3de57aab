import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Activity } from '../../../lambdas/domain/activity.ts';
import { createCounts } from '../support/activity.ts';
import { startTable, type Table } from '../support/table.ts';

let table: Table;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const someCounts = async () => {
  const { dynamoDbActivityCounts } = await import('../../../lambdas/adapters/dynamodb-activity-counts.ts');
  return dynamoDbActivityCounts(await createCounts(`counts-${randomUUID()}`));
};

const MINUTES = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'];

const activity = (offset: number, change: Partial<Activity> = {}): Activity => ({
  type: 'job.succeeded',
  subject: 'job-1',
  event: {},
  partition: 'shardId-000000000000',
  offset: String(offset),
  at: new Date('2026-01-01T00:00:30.000Z'),
  ...change,
});

test('records are counted by minute and type, over all partitions', async () => {
  const counts = await someCounts();

  await counts.count([activity(1), activity(2, { type: 'job.failed' }), activity(3)]);
  await counts.count([activity(1, { partition: 'shardId-000000000001' })]);
  await counts.count([activity(4, { at: new Date('2026-01-01T00:01:00.000Z') })]);

  const [first = '', second = ''] = MINUTES;
  expect(new Set(await counts.read(MINUTES))).toEqual(
    new Set([
      { minute: first, type: 'job.succeeded', count: 3 },
      { minute: first, type: 'job.failed', count: 1 },
      { minute: second, type: 'job.succeeded', count: 1 },
    ]),
  );
  expect(await counts.read(['2026-01-01T00:02:00.000Z'])).toEqual([]);
});

test('a sequence number is compared as a number, however many digits it has', async () => {
  const counts = await someCounts();

  await counts.count([activity(9)]);
  const counted = await counts.count([activity(10)]);

  expect(counted).toBe(1);
});

test('however a shard is delivered again, in whichever batches, each record is counted once', async () => {
  const counts = await someCounts();
  let shards = 0;
  const delivery = fc.record({
    from: fc.nat(12),
    size: fc.integer({ min: 1, max: 12 }),
    fails: fc.constantFrom(undefined, 'a', 'b'),
  });

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b'), { minLength: 12, maxLength: 12 }),
      fc.array(delivery, { maxLength: 6 }),
      async (types, deliveries) => {
        shards += 1;
        const run = `run-${shards}-`;
        const shard = types.map((type, index) => activity(index + 1, { type: run + type }));
        let done = 0;
        let counted = 0;

        // Like Lambda: on from what is done, or once more from before it; some break off after one of the two types.
        for (const { from, size, fails } of deliveries) {
          const start = Math.min(from, done);
          const batch = shard.slice(start, start + size).filter(({ type }) => type !== run + fails);
          counted += await counts.count(batch);
          if (fails === undefined) done = Math.max(done, start + size);
        }
        counted += await counts.count(shard.slice(done));

        const read = (await counts.read(MINUTES)).filter(({ type }) => type.startsWith(run));
        expect(read.reduce((sum, { count }) => sum + count, 0)).toBe(12);
        expect(counted).toBe(12);
      },
    ),
    { numRuns: 20 },
  );
});
