import type { Trace } from '../messages/cloud-event.ts';
import type {
  JobChanged,
  JobDeadline,
  JobFailed,
  JobRequested,
  JobSucceeded,
  JobWatched,
} from '../messages/job-messages.ts';
import type { JobProblem, JobResult } from '../messages/job-outcome.ts';
import type { Job } from './job.ts';
import { uploadKey } from './keys.ts';
import type { Clock } from './ports.ts';

/** What a new message takes over from the one that led to it. */
export interface Cause extends Trace {
  readonly causationId: string;
}

type Source = 'request-job' | 'upload-received' | 'process-image' | 'fail-job' | 'jobs' | 'watch-job';

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

/** Every change of a job so far, oldest first; made from its history, so that it is the same whoever makes it, and when. */
export const jobChanges = (job: Job): JobChanged[] =>
  job.history.map(({ status, at }, index) => {
    const seq = index + 1;
    const cause = { ...job.trace, causationId: job.trace.correlationId };
    return {
      ...envelope('jobs', job.id, String(seq), cause, { now: () => new Date(at) }),
      type: 'serverless-ipc.job.changed.v1',
      data: { jobId: job.id, seq, status, webhook: job.webhook !== undefined },
    };
  });

/** The latest change of a job. */
export const jobChanged = (job: Job): JobChanged => {
  const latest = jobChanges(job).at(-1);
  if (!latest) throw new Error(`Job ${job.id} has no history`);
  return latest;
};

/** `request` tells one wish to watch from the next of the same connection. */
export const jobWatched = (job: Job, connectionId: string, request: string, clock: Clock): JobWatched => ({
  ...envelope('watch-job', job.id, `watched:${request}`, { ...job.trace, causationId: request }, clock),
  type: 'serverless-ipc.job.watched.v1',
  data: { jobId: job.id, connectionId },
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
