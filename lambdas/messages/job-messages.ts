import * as z from 'zod';
import { message } from './cloud-event.ts';
import { JobProblem, JobResult } from './job-outcome.ts';
import { JOB_STATUSES } from './job-status.ts';
import { Operations } from './operations.ts';

/** The upload is there: whoever takes this has all that the work needs. `contentLength`: the most bytes to read. */
export const JobRequested = message(
  'serverless-ipc.job.requested.v1',
  z.object({
    jobId: z.string().min(1),
    uploadKey: z.string().min(1),
    contentLength: z.int().min(1),
    operations: Operations,
  }),
);

/** The result is stored. */
export const JobSucceeded = message(
  'serverless-ipc.job.succeeded.v1',
  z.object({ jobId: z.string().min(1), result: JobResult }),
);

/** The job has ended without a result. */
export const JobFailed = message(
  'serverless-ipc.job.failed.v1',
  z.object({ jobId: z.string().min(1), error: JobProblem }),
);

/** The time for the upload is over. */
export const JobDeadline = message('serverless-ipc.job.deadline.v1', z.object({ jobId: z.string().min(1) }));

/**
 * A job has changed: `seq` grows by one with each of its changes, 1 is its creation. Watchers get these, one for each
 * change; between our own functions it says that there is something to tell. `webhook`: whether the job has one.
 */
export const JobChanged = message(
  'serverless-ipc.job.changed.v1',
  z.object({
    jobId: z.string().min(1),
    seq: z.int().min(1),
    status: z.enum(JOB_STATUSES),
    webhook: z.boolean(),
  }),
);

/** A connection has begun to watch a job: it has to be told what has happened so far. */
export const JobWatched = message(
  'serverless-ipc.job.watched.v1',
  z.object({ jobId: z.string().min(1), connectionId: z.string().min(1) }),
);

/** What makes the pusher look at a job and its watchers. */
export const JobNews = z.discriminatedUnion('type', [JobChanged, JobWatched]);

/** What happened to a job in the end: everything that is published to the topic. */
export const JobOutcome = z.discriminatedUnion('type', [JobSucceeded, JobFailed]);

export type JobRequested = z.infer<typeof JobRequested>;
export type JobSucceeded = z.infer<typeof JobSucceeded>;
export type JobFailed = z.infer<typeof JobFailed>;
export type JobChanged = z.infer<typeof JobChanged>;
export type JobWatched = z.infer<typeof JobWatched>;
export type JobNews = z.infer<typeof JobNews>;
export type JobDeadline = z.infer<typeof JobDeadline>;
export type JobOutcome = z.infer<typeof JobOutcome>;
