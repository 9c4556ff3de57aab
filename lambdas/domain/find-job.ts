import { hasEnded, type Job } from './job.ts';
import { resultKey } from './keys.ts';
import type { JobStore, ResultLinks } from './ports.ts';
import { noResult, resultExpired, resultNotReady, unknownJob } from './problem.ts';

/** Ids are UUIDs: nothing else is looked up. */
const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The job, for its owner. For anyone else there is none: that it exists is nobody else's business.
 * @throws {ProblemError} `unknown-job`
 */
export const findJob = async (id: string, owner: string, jobs: JobStore): Promise<Job> => {
  const job = JOB_ID.test(id) ? await jobs.find(id) : undefined;
  if (job?.owner !== owner) throw unknownJob('There is no job with this id.');
  return job;
};

/**
 * A link to the result.
 * @throws {ProblemError} `unknown-job`, `result-not-ready`, `no-result`, `result-expired`
 */
export const linkToResult = async (
  id: string,
  owner: string,
  { jobs, results }: { jobs: JobStore; results: ResultLinks },
): Promise<string> => {
  const job = await findJob(id, owner, jobs);
  if (!hasEnded(job)) throw resultNotReady(`The status of the job is ${job.status}.`);
  if (job.status !== 'succeeded') throw noResult(`The status of the job is ${job.status}.`);
  if (!(await results.exists(resultKey(id)))) throw resultExpired('Results are kept for a limited time.');
  return results.link(resultKey(id));
};
