import { applyEvent } from './apply-event.ts';
import { findJob } from './find-job.ts';
import { hasEnded, type Job } from './job.ts';
import type { Clock, JobStore } from './ports.ts';
import { jobHasEnded } from './problem.ts';

/**
 * Ends a job at its owner's wish. Work that is under way is not interrupted: its outcome is ignored.
 * @throws {ProblemError} `unknown-job`, `job-has-ended`
 */
export const cancelJob = async (
  id: string,
  owner: string,
  { jobs, clock }: { jobs: JobStore; clock: Clock },
): Promise<Job> => {
  const known = await findJob(id, owner, jobs);
  if (hasEnded(known)) throw jobHasEnded(`The job is ${known.status}.`);

  const { job, changed } = await applyEvent(jobs, id, { status: 'canceled', at: clock.now().toISOString() });
  if (!changed) throw jobHasEnded(`The status of the job is ${job.status}.`);
  return job;
};
