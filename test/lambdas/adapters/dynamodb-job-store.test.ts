import { invalidRequest } from '../../../lambdas/domain/problem.ts';
import { aJob, aProblem, aResult, JOB_ID } from '../support/jobs.ts';
import { startTable, type Table } from '../support/table.ts';

let table: Table;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const store = async () => {
  const { dynamoDbJobStore } = await import('../../../lambdas/adapters/dynamodb-job-store.ts');
  return dynamoDbJobStore(await table.create());
};

test('a job is read as it was written', async () => {
  const jobs = await store();
  const job = aJob({
    operations: [
      { op: 'crop', strategy: 'smart', width: 1, height: 1 },
      { op: 'blur', sigma: 0.5 },
    ],
    result: aResult,
    error: { ...aProblem, retryable: true },
  });

  await jobs.add(job);

  expect(await jobs.find(JOB_ID)).toEqual(job);
  expect(await jobs.find('another')).toBeUndefined();
});

test('a new job never takes the place of another', async () => {
  const jobs = await store();
  await jobs.add(aJob());

  await expect(jobs.add(aJob({ owner: 'mallory' }))).rejects.toThrow();

  expect(await jobs.find(JOB_ID)).toEqual(aJob());
});

test('of two writers who have read the same state, one is told to read again', async () => {
  const jobs = await store();
  await jobs.add(aJob());

  const written = await Promise.all([
    jobs.replace(aJob({ seq: 2, status: 'queued' })),
    jobs.replace(aJob({ seq: 2, status: 'canceled' })),
  ]);

  expect(written.toSorted()).toEqual([false, true]);
  expect((await jobs.find(JOB_ID))?.seq).toBe(2);
});

test('a job that is not there is not brought back by an update', async () => {
  const jobs = await store();

  expect(await jobs.replace(aJob({ seq: 2 }))).toBe(false);
  expect(await jobs.find(JOB_ID)).toBeUndefined();
});

test("an owner's jobs come newest first, page by page, without gap or repetition", async () => {
  const jobs = await store();
  const times = [0, 1, 2, 3, 4].map((second) => `2026-01-01T00:00:0${second}.000Z`);
  for (const [index, createdAt] of times.entries()) await jobs.add(aJob({ id: `job-${index}`, createdAt }));
  await jobs.add(aJob({ id: 'other', owner: 'bob' }));

  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list('alice', { limit: 2, cursor });
    pages.push(page.jobs.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);

  expect(pages.filter((page) => page.length > 0)).toEqual([
    ['job-4', 'job-3'],
    ['job-2', 'job-1'],
    ['job-0'],
  ]);
});

test('a cursor of somebody else, or of nobody, is refused', async () => {
  const jobs = await store();
  for (const id of ['a', 'b']) await jobs.add(aJob({ id }));
  const { cursor } = await jobs.list('alice', { limit: 1 });
  const refused = { name: invalidRequest([]).name, problem: { status: 400 } };

  await expect(jobs.list('bob', { limit: 1, cursor })).rejects.toMatchObject(refused);
  await expect(jobs.list('alice', { limit: 1, cursor: 'made up' })).rejects.toMatchObject(refused);
});
