import type { Edit, EditStore } from '../../../lambdas/domain/edits.ts';
import { createEditTable, IMAGE } from '../support/edits.ts';
import { NOW } from '../support/jobs.ts';
import { startTable, type Table } from '../support/table.ts';

let table: Table;
let store: EditStore;
beforeAll(async () => {
  table = await startTable();
  const { dynamoDbEditStore } = await import('../../../lambdas/adapters/dynamodb-edit-store.ts');
  store = dynamoDbEditStore(await createEditTable('edits'));
});
afterAll(() => table.close());

/** 20 digits, as SQS makes them: more than a number in JavaScript can hold. */
const SEQUENCE_NUMBER = 18_849_496_460_467_696_128n;

const anEdit = (imageId: string, n: number, change: Partial<Edit> = {}): Edit => ({
  imageId,
  n,
  editId: `edit-${n}`,
  requestId: `request-${n}`,
  sequenceNumber: SEQUENCE_NUMBER + BigInt(n),
  operation: { op: 'rotate', degrees: 90 },
  appliedAt: NOW,
  ...change,
});

test('an edit is read as it was written, to the last digit of its sequence number', async () => {
  await store.append(anEdit('a', 1));

  expect(await store.last('a')).toEqual(anEdit('a', 1));
  expect(await store.last(IMAGE)).toBeUndefined();
});

test('of two with the same number the first stays, and the other is told', async () => {
  const written = [
    await store.append(anEdit('b', 1)),
    await store.append(anEdit('b', 1, { editId: 'another' })),
  ];

  expect(written).toEqual([true, false]);
  expect(await store.list('b', { after: 0, limit: 10 })).toEqual([anEdit('b', 1)]);
});

test('the edits of an image come in order, page by page, the tenth after the ninth', async () => {
  for (const n of [2, 10, 1, 3, 9, 11]) await store.append(anEdit('c', n));

  const pages = [
    await store.list('c', { after: 0, limit: 3 }),
    await store.list('c', { after: 3, limit: 3 }),
    await store.list('c', { after: 11, limit: 3 }),
  ];

  expect(pages.map((page) => page.map(({ n }) => n))).toEqual([[1, 2, 3], [9, 10, 11], []]);
  expect((await store.last('c'))?.n).toBe(11);
});

test('the edit of a request is found among those since a time, however many came after it', async () => {
  const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'] as const;
  await store.append(anEdit('d', 1, { appliedAt: early }));
  for (let n = 2; n <= 25; n += 1) await store.append(anEdit('d', n, { appliedAt: late }));

  expect(await store.find('d', 'request-2', late)).toEqual(anEdit('d', 2, { appliedAt: late }));
  expect(await store.find('d', 'request-1', early)).toEqual(anEdit('d', 1, { appliedAt: early }));
  expect(await store.find('d', 'request-1', late)).toBeUndefined();
  expect(await store.find('d', 'request-99', early)).toBeUndefined();
});
