import type { Job } from '../../../lambdas/domain/job.ts';
import { cropOutside } from '../../../lambdas/domain/problem.ts';
import { type ProcessImagePorts, processImage } from '../../../lambdas/domain/process-image.ts';
import { projectJob } from '../../../lambdas/domain/project-job.ts';
import type { JobNews, JobOutcome } from '../../../lambdas/messages/job-messages.ts';
import { aJob, aProblem, aRequest, aResult, clock, JOB_ID } from '../support/jobs.ts';
import { MemoryJobs, MemoryResults, memoryUploads, Outbox } from '../support/memory-ports.ts';

const worker = (job: Job = aJob({ status: 'queued', seq: 2 })) => {
  const jobs = new MemoryJobs(job);
  const results = new MemoryResults();
  const publisher = new Outbox<JobOutcome>();
  const changes = new Outbox<JobNews>();
  const ports: ProcessImagePorts = {
    jobs,
    results,
    publisher,
    changes,
    clock,
    uploads: memoryUploads({ [`uploads/${JOB_ID}`]: new Uint8Array([9]) }),
    images: {
      transform: async () => ({
        data: new Uint8Array([1, 2, 3]),
        contentType: 'image/png',
        width: 100,
        height: 80,
      }),
    },
  };
  return { jobs, results, publisher, changes, ports };
};

test('the job is claimed, the result stored, and the outcome told with what led to it', async () => {
  const { jobs, results, publisher, ports } = worker();

  const outcome = await processImage(aRequest(), 1, ports);

  expect(outcome).toBe('succeeded');
  expect(jobs.get(JOB_ID)).toMatchObject({ status: 'processing', attempt: 1, seq: 3 });
  expect(results.stored.get(`results/${JOB_ID}`)).toEqual(new Uint8Array([1, 2, 3]));
  expect(publisher.sent).toMatchObject([
    {
      id: `${JOB_ID}:succeeded`,
      type: 'serverless-ipc.job.succeeded.v1',
      correlationid: 'request-1',
      causationid: `${JOB_ID}:requested`,
      data: { jobId: JOB_ID, result: aResult },
    },
  ]);
});

test('the same message worked on twice has one effect', async () => {
  const { jobs, results, publisher, ports } = worker();

  await Promise.all([processImage(aRequest(), 1, ports), processImage(aRequest(), 2, ports)]);
  for (const outcome of publisher.sent) await projectJob(outcome, ports);

  const job = jobs.get(JOB_ID);
  expect(job.history.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  expect(results.stored.size).toBe(1);
  expect(new Set(publisher.sent.map(({ id }) => id)).size).toBe(1);
});

test.each([
  aJob({ status: 'canceled' }),
  aJob({ status: 'succeeded', result: aResult }),
  aJob({ status: 'failed', error: aProblem }),
])('a job that has $status is left alone', async (job) => {
  const { jobs, results, publisher, ports } = worker(job);

  const outcome = await processImage(aRequest(), 1, ports);

  expect(outcome).toBe('skipped');
  expect(jobs.get(JOB_ID)).toBe(job);
  expect(results.writes).toBe(0);
  expect(publisher.sent).toEqual([]);
});

test('a job that was tried too often is worked on when its message is redriven', async () => {
  const { publisher, ports } = worker(aJob({ status: 'failed', error: { ...aProblem, retryable: true } }));

  const outcome = await processImage(aRequest(), 1, ports);

  expect(outcome).toBe('succeeded');
  expect(publisher.sent).toHaveLength(1);
});

test('what the image is to blame for is an outcome, without an HTTP status', async () => {
  const { results, publisher, ports } = worker();
  const transform = () => Promise.reject(cropOutside('Too far right.'));

  const outcome = await processImage(aRequest(), 1, { ...ports, images: { transform } });

  expect(outcome).toBe('failed');
  expect(results.writes).toBe(0);
  expect(publisher.sent).toMatchObject([
    {
      id: `${JOB_ID}:failed`,
      data: {
        jobId: JOB_ID,
        error: {
          type: 'urn:problem:serverless-ipc:crop-outside',
          title: expect.any(String),
          detail: 'Too far right.',
        },
      },
    },
  ]);
  expect(publisher.sent[0]?.data).not.toHaveProperty('error.status');
});

test('what the image is not to blame for is thrown, and nothing is told', async () => {
  const { publisher, ports } = worker();
  const transform = () => Promise.reject(new Error('no memory'));

  const work = processImage(aRequest(), 1, { ...ports, images: { transform } });

  await expect(work).rejects.toThrow('no memory');
  expect(publisher.sent).toEqual([]);
});

test('a message for a job that is not known, or not yet uploaded, is not swallowed', async () => {
  const early = worker(aJob());
  const { ports } = worker(aJob({ id: 'another' }));

  await expect(processImage(aRequest(), 1, ports)).rejects.toThrow(JOB_ID);
  await expect(processImage(aRequest(), 1, early.ports)).rejects.toThrow('before its upload');
});
