import { applyEvent } from './apply-event.ts';
import type { Clock, JobStore } from './ports.ts';

/**
 * Ends the job whose upload has not come in time; any other job is left alone.
 * @returns whether the job has expired now
 * @throws {ProblemError} `unknown-job`
 */
export const expireJob = async (
  jobId: string,
  { jobs, clock }: { jobs: JobStore; clock: Clock },
): Promise<boolean> => {
  const { changed } = await applyEvent(jobs, jobId, { status: 'expired', at: clock.now().toISOString() });
  return changed;
};
