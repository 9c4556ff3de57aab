import type { Trace } from '../messages/cloud-event.ts';
import type { JobDeadline, JobFailed, JobRequested, JobSucceeded } from '../messages/job-messages.ts';
import type { JobProblem, JobResult } from '../messages/job-outcome.ts';
import type { Job } from './job.ts';
import { uploadKey } from './keys.ts';
import type { Clock } from './ports.ts';

/** What a new message takes over from the one that led to it. */
export interface Cause extends Trace {
  readonly causationId: string;
}

type Source = 'request-job' | 'upload-received' | 'process-image' | 'fail-job';

/** Ids are made from the job's, so that a message that is sent again is the same message and can be told as such. */
const envelope = (source: Source, jobId: string, suffix: string, cause: Cause, clock: Clock) => ({
  specversion: '1.0' as const,
  id: `${jobId}:${suffix}`,
  source: `urn:serverless-ipc:${source}`,
  time: clock.now().toISOString(),
  subject: jobId,
  datacontenttype: 'application/json' as const,
  traceparent: cause.traceparent,
  correlationid: cause.correlationId,
  causationid: cause.causationId,
});

export const causedBy = (message: { id: string; correlationid: string; traceparent: string }): Cause => ({
  correlationId: message.correlationid,
  traceparent: message.traceparent,
  causationId: message.id,
});

export const jobRequested = (job: Job, clock: Clock): JobRequested => ({
  ...envelope(
    'upload-received',
    job.id,
    'requested',
    { ...job.trace, causationId: uploadKey(job.id) },
    clock,
  ),
  type: 'serverless-ipc.job.requested.v1',
  data: {
    jobId: job.id,
    uploadKey: uploadKey(job.id),
    contentLength: job.contentLength,
    operations: [...job.operations],
  },
});

export const jobDeadline = (job: Job, clock: Clock): JobDeadline => ({
  ...envelope(
    'request-job',
    job.id,
    'deadline',
    { ...job.trace, causationId: job.trace.correlationId },
    clock,
  ),
  type: 'serverless-ipc.job.deadline.v1',
  data: { jobId: job.id },
});

export const jobSucceeded = (jobId: string, result: JobResult, cause: Cause, clock: Clock): JobSucceeded => ({
  ...envelope('process-image', jobId, 'succeeded', cause, clock),
  type: 'serverless-ipc.job.succeeded.v1',
  data: { jobId, result },
});

export const jobFailed = (jobId: string, error: JobProblem, cause: Cause, clock: Clock): JobFailed => ({
  ...envelope('process-image', jobId, 'failed', cause, clock),
  type: 'serverless-ipc.job.failed.v1',
  data: { jobId, error },
});

/** `delivery` tells one exhaustion from the next: after a redrive the same job may be exhausted again. */
export const jobExhausted = (
  jobId: string,
  delivery: string,
  error: JobProblem,
  cause: Cause,
  clock: Clock,
): JobFailed => ({
  ...envelope('fail-job', jobId, `exhausted:${delivery}`, cause, clock),
  type: 'serverless-ipc.job.failed.v1',
  data: { jobId, error },
});
