import { findJob } from './find-job.ts';
import type { Job } from './job.ts';
import { jobWatched } from './messages.ts';
import type { Clock, JobChanges, JobStore } from './ports.ts';
import type { Watchers } from './push-ports.ts';

/** One wish to watch: over which connection, in whose name, and what tells it from the next. */
export interface WatchRequest {
  readonly jobId: string;
  readonly owner: string;
  readonly connectionId: string;
  readonly requestId: string;
}

/**
 * Begins to watch a job. What has happened so far is not told from here but by the one who tells everything else of this
 * job, in its turn: two that tell the same watcher could repeat each other, or disturb the order.
 * @throws {ProblemError} `unknown-job`
 */
export const watchJob = async (
  { jobId, owner, connectionId, requestId }: WatchRequest,
  {
    jobs,
    watchers,
    changes,
    clock,
  }: { jobs: JobStore; watchers: Watchers; changes: JobChanges; clock: Clock },
): Promise<Job> => {
  const job = await findJob(jobId, owner, jobs);
  await watchers.add(jobId, connectionId);
  await changes.send(jobWatched(job, connectionId, requestId, clock));
  return job;
};
