import { applyEvent } from './apply-event.ts';
import type { Job } from './job.ts';
import { jobChanged, jobRequested } from './messages.ts';
import type { Clock, JobChanges, JobQueue, JobStore } from './ports.ts';

/**
 * Queues the job whose upload has arrived. While the job is still `queued`, the same notification again sends the message
 * again: the first time may have ended between the write and the send, and twice is harmless where never is not.
 * @returns the job
 * @throws {ProblemError} `unknown-job`
 */
export const queueUpload = async (
  jobId: string,
  { jobs, queue, changes, clock }: { jobs: JobStore; queue: JobQueue; changes: JobChanges; clock: Clock },
): Promise<Job> => {
  const { job } = await applyEvent(jobs, jobId, { status: 'queued', at: clock.now().toISOString() });
  await Promise.all([
    job.status === 'queued' && queue.send(jobRequested(job, clock)),
    changes.send(jobChanged(job)),
  ]);
  return job;
};
