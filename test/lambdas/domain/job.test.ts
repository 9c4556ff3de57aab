import fc from 'fast-check';
import { advance, hasEnded, isWorkable, type Job, type JobEvent } from '../../../lambdas/domain/job.ts';
import { aJob, aProblem, aResult, NOW } from '../support/jobs.ts';

const event = fc.oneof(
  fc.constantFrom('queued', 'canceled', 'expired').map((status): JobEvent => ({ status, at: NOW })),
  fc.integer({ min: 1, max: 5 }).map((attempt): JobEvent => ({ status: 'processing', attempt, at: NOW })),
  fc.constant<JobEvent>({ status: 'succeeded', result: aResult, at: NOW }),
  fc
    .boolean()
    .map((retryable): JobEvent => ({ status: 'failed', error: { ...aProblem, retryable }, at: NOW })),
);

/** How far along a status is; a job that an operator may run again is not at its end. */
const progress = ({ status, error }: Job): number => {
  if (status === 'failed' && error?.retryable) return 2;
  return { awaiting_upload: 0, queued: 1, processing: 2, succeeded: 3, failed: 3, canceled: 3, expired: 3 }[
    status
  ];
};

const states = (events: readonly JobEvent[]): Job[] => {
  const seen = [aJob()];
  for (const each of events) {
    const job = seen.at(-1) ?? aJob();
    seen.push(advance(job, each) ?? job);
  }
  return seen;
};

const pairs = (jobs: readonly Job[]) =>
  jobs.slice(1).map((after, index) => ({ before: jobs[index] ?? after, after }));

test('no order of events, late or repeated, moves a job backwards', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      for (const { before, after } of pairs(states(events))) {
        expect(progress(after)).toBeGreaterThanOrEqual(progress(before));
      }
    }),
  );
});

test('seq grows by one with every change, the history by one entry, and neither otherwise', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      for (const { before, after } of pairs(states(events))) {
        const steps = after === before ? 0 : 1;
        expect(after.seq - before.seq).toBe(steps);
        expect(after.history.length - before.history.length).toBe(steps);
        expect(after.history.at(-1)?.status).toBe(after.status);
      }
    }),
  );
});

test('a job succeeds at most once, and has a result or an error only as its status says', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const job = states(events).at(-1) ?? aJob();

      expect(job.history.filter(({ status }) => status === 'succeeded').length).toBeLessThanOrEqual(1);
      expect(job.result !== undefined).toBe(job.status === 'succeeded');
      expect(job.error !== undefined).toBe(job.status === 'failed');
    }),
  );
});

test.each<{ title: string; job: Job; event: JobEvent; becomes: Job['status'] | 'the same' }>([
  {
    title: 'an outcome may overtake the start of the work',
    job: aJob({ status: 'queued' }),
    event: { status: 'succeeded', result: aResult, at: NOW },
    becomes: 'succeeded',
  },
  {
    title: 'a second attempt is a change',
    job: aJob({ status: 'processing', attempt: 1 }),
    event: { status: 'processing', attempt: 2, at: NOW },
    becomes: 'processing',
  },
  {
    title: 'the same attempt seen twice is none',
    job: aJob({ status: 'processing', attempt: 2 }),
    event: { status: 'processing', attempt: 2, at: NOW },
    becomes: 'the same',
  },
  {
    title: 'an upload after the deadline comes too late',
    job: aJob({ status: 'expired' }),
    event: { status: 'queued', at: NOW },
    becomes: 'the same',
  },
  {
    title: 'a deadline after the upload means nothing',
    job: aJob({ status: 'queued' }),
    event: { status: 'expired', at: NOW },
    becomes: 'the same',
  },
  {
    title: 'a canceled job stays canceled when its work ends',
    job: aJob({ status: 'canceled' }),
    event: { status: 'succeeded', result: aResult, at: NOW },
    becomes: 'the same',
  },
  {
    title: 'a job that was tried too often can be run again',
    job: aJob({ status: 'failed', error: { ...aProblem, retryable: true }, attempt: 5 }),
    event: { status: 'processing', attempt: 1, at: NOW },
    becomes: 'processing',
  },
  {
    title: 'a job with a bad image cannot',
    job: aJob({ status: 'failed', error: aProblem }),
    event: { status: 'processing', attempt: 1, at: NOW },
    becomes: 'the same',
  },
])('$title', ({ job, event: happened, becomes }) => {
  const after = advance(job, happened);

  expect(after?.status ?? 'the same').toBe(becomes);
});

test('a job that is run again forgets why it had failed', () => {
  const failed = aJob({ status: 'failed', error: { ...aProblem, retryable: true } });

  const again = advance(failed, { status: 'processing', attempt: 1, at: NOW });

  expect(again).not.toHaveProperty('error');
});

test('a failed job that may be run again has ended for its owner, and is work for a worker', () => {
  const failed = aJob({ status: 'failed', error: { ...aProblem, retryable: true } });

  expect(hasEnded(failed)).toBe(true);
  expect(isWorkable(failed)).toBe(true);
});
