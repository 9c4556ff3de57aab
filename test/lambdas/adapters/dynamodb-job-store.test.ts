import { advance, type Job, type JobEvent } from '../../../lambdas/domain/job.ts';
import { invalidRequest } from '../../../lambdas/domain/problem.ts';
import { JOB_STATUSES } from '../../../lambdas/messages/job-status.ts';
import { aJob, aProblem, aResult, JOB_ID, NOW } from '../support/jobs.ts';
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

test('a new job that is written again, because the first answer was lost, is there once', async () => {
  const jobs = await store();
  await jobs.add(aJob());

  await jobs.add(aJob());

  expect(await jobs.find(JOB_ID)).toEqual(aJob());
});

test('a job that has moved on is not written over by its own repeated beginning', async () => {
  const jobs = await store();
  await jobs.add(aJob());
  await jobs.move(JOB_ID, { status: 'queued', at: NOW });

  await expect(jobs.add(aJob())).rejects.toThrow();

  expect(await jobs.find(JOB_ID)).toMatchObject({ status: 'queued' });
});

test('of two events that exclude each other, one changes the job, and both learn what it is then', async () => {
  const jobs = await store();
  await jobs.add(aJob());

  const moved = await Promise.all([
    jobs.move(JOB_ID, { status: 'queued', at: NOW }),
    jobs.move(JOB_ID, { status: 'expired', at: NOW }),
  ]);

  const job = await jobs.find(JOB_ID);
  expect(moved.map((one) => one?.changed).toSorted()).toEqual([false, true]);
  expect(moved.map((one) => one?.job)).toEqual([job, job]);
  expect(job?.seq).toBe(2);
});

test('a job that is not there is not made by an event', async () => {
  const jobs = await store();

  expect(await jobs.move(JOB_ID, { status: 'queued', at: NOW })).toBeUndefined();
  expect(await jobs.find(JOB_ID)).toBeUndefined();
});

const LATER = '2026-01-01T00:00:01.000Z';
const events: JobEvent[] = [
  { status: 'queued', at: LATER },
  { status: 'processing', attempt: 2, at: LATER },
  { status: 'succeeded', result: aResult, at: LATER },
  { status: 'failed', error: aProblem, at: LATER },
  { status: 'failed', error: { ...aProblem, retryable: true }, at: LATER },
  { status: 'canceled', at: LATER },
  { status: 'expired', at: LATER },
];
const states: Job[] = [
  ...JOB_STATUSES.map((status) => aJob({ status, attempt: 1 })),
  aJob({ status: 'processing', attempt: 2 }),
  aJob({ status: 'processing', attempt: 3 }),
  aJob({ status: 'failed', error: aProblem }),
  aJob({ status: 'failed', error: { ...aProblem, retryable: true }, attempt: 5 }),
];

test('the one request that moves a job follows the rule of the domain, from every state on every event', async () => {
  const jobs = await store();
  const cases = states.flatMap((job) => events.map((event) => ({ job, event })));

  for (const [index, { job, event }] of cases.entries()) {
    const before = { ...job, id: `job-${index}` };
    await jobs.add(before);

    const moved = await jobs.move(before.id, event);

    const after = advance(before, event);
    expect(moved).toEqual({ job: after ?? before, changed: after !== undefined });
    expect(await jobs.find(before.id)).toEqual(after ?? before);
  }
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
