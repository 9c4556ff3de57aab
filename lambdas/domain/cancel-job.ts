import { applyEvent } from './apply-event.ts';
import { findJob } from './find-job.ts';
import { hasEnded, type Job } from './job.ts';
import { jobChanged } from './messages.ts';
import type { Clock, JobChanges, JobStore } from './ports.ts';
import { jobHasEnded } from './problem.ts';

/**
 * Ends a job at its owner's wish. Work that is under way is not interrupted: its outcome is ignored. A client that got no
 * answer asks again; then the watchers are told, if they were not the first time.
 * @throws {ProblemError} `unknown-job`, `job-has-ended`
 */
export const cancelJob = async (
  id: string,
  owner: string,
  { jobs, changes, clock }: { jobs: JobStore; changes: JobChanges; clock: Clock },
): Promise<Job> => {
  const known = await findJob(id, owner, jobs);
  const { job, changed } = hasEnded(known)
    ? { job: known, changed: false }
    : await applyEvent(jobs, id, { status: 'canceled', at: clock.now().toISOString() });
  await changes.send(jobChanged(job));
  if (!changed) throw jobHasEnded(`The status of the job is ${job.status}.`);
  return job;
};
