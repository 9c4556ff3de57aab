import { applyEvent } from './apply-event.ts';
import { jobRequested } from './messages.ts';
import type { Clock, JobQueue, JobStore } from './ports.ts';

/**
 * Queues the job whose upload has arrived. While the job is still `queued`, the same notification again sends the message
 * again: the first time may have ended between the write and the send, and twice is harmless where never is not.
 * @throws {ProblemError} `unknown-job`
 */
export const queueUpload = async (
  jobId: string,
  { jobs, queue, clock }: { jobs: JobStore; queue: JobQueue; clock: Clock },
): Promise<void> => {
  const { job } = await applyEvent(jobs, jobId, { status: 'queued', at: clock.now().toISOString() });
  if (job.status === 'queued') await queue.send(jobRequested(job, clock));
};
