import type { Job } from '../../../lambdas/domain/job.ts';
import { jobRequested } from '../../../lambdas/domain/messages.ts';
import type { Clock } from '../../../lambdas/domain/ports.ts';
import type { JobRequested } from '../../../lambdas/messages/job-messages.ts';
import type { JobProblem, JobResult } from '../../../lambdas/messages/job-outcome.ts';

export const JOB_ID = '11111111-1111-4111-8111-111111111111';
export const NOW = '2026-01-01T00:00:00.000Z';

export const clock: Clock = { now: () => new Date(NOW) };

export const trace = {
  correlationId: 'request-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

export const aJob = (change: Partial<Job> = {}): Job => ({
  id: JOB_ID,
  owner: 'alice',
  status: 'awaiting_upload',
  attempt: 0,
  seq: 1,
  createdAt: NOW,
  contentType: 'image/png',
  contentLength: 1000,
  operations: [{ op: 'resize', width: 100 }],
  history: [{ status: 'awaiting_upload', at: NOW }],
  trace,
  ...change,
});

export const aResult: JobResult = { contentType: 'image/png', width: 100, height: 80, bytes: 3 };

export const aProblem: JobProblem = { type: 'urn:problem:test', title: 'Wrong', detail: 'It was wrong.' };

export const aRequest = (job = aJob()): JobRequested => jobRequested(job, clock);
