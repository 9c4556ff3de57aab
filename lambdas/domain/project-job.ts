import type { JobOutcome } from '../messages/job-messages.ts';
import { applyEvent } from './apply-event.ts';
import type { JobEvent } from './job.ts';
import { jobChanged } from './messages.ts';
import type { JobChanges, JobStore } from './ports.ts';

/**
 * Moves the stored job on to what has been published about it. Late and repeated events change nothing.
 * @returns whether the event changed the job
 * @throws {ProblemError} `unknown-job`
 */
export const projectJob = async (
  outcome: JobOutcome,
  { jobs, changes }: { jobs: JobStore; changes: JobChanges },
): Promise<boolean> => {
  const { job, changed } = await applyEvent(jobs, outcome.data.jobId, toEvent(outcome));
  await changes.send(jobChanged(job));
  return changed;
};

const toEvent = (outcome: JobOutcome): JobEvent => {
  switch (outcome.type) {
    case 'serverless-ipc.job.succeeded.v1':
      return { status: 'succeeded', result: outcome.data.result, at: outcome.time };
    case 'serverless-ipc.job.failed.v1':
      return { status: 'failed', error: outcome.data.error, at: outcome.time };
  }
};
