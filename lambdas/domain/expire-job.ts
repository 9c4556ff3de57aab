import { applyEvent } from './apply-event.ts';
import { jobChanged } from './messages.ts';
import type { Clock, JobChanges, JobStore } from './ports.ts';

/**
 * Ends the job whose upload has not come in time; any other job is left as it is. Its watchers are told its state in any
 * case: this is what finds a job whose mover died before it could tell, and was not called again.
 * @returns whether the job has expired now
 * @throws {ProblemError} `unknown-job`
 */
export const expireJob = async (
  jobId: string,
  { jobs, changes, clock }: { jobs: JobStore; changes: JobChanges; clock: Clock },
): Promise<boolean> => {
  const { job, changed } = await applyEvent(jobs, jobId, {
    status: 'expired',
    at: clock.now().toISOString(),
  });
  await changes.send(jobChanged(job));
  return changed;
};
