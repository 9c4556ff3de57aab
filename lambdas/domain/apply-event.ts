import { advance, type Job, type JobEvent } from './job.ts';
import type { JobStore } from './ports.ts';
import { unknownJob } from './problem.ts';

/** More writers than this at one job at one moment: something is wrong, and the message had better come again later. */
const MAX_CONFLICTS = 10;

/** The job as it is afterwards, and whether the event changed it. */
export interface Applied {
  readonly job: Job;
  readonly changed: boolean;
}

/**
 * Moves a stored job on, unless the event is late or repeated. Another writer in between is no harm: the event is then
 * held against the newer state.
 * @throws {ProblemError} `unknown-job`
 */
export const applyEvent = async (jobs: JobStore, id: string, event: JobEvent): Promise<Applied> => {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const job = await jobs.find(id);
    if (!job) throw unknownJob(`There is no job ${id}.`);

    const advanced = advance(job, event);
    if (!advanced) return { job, changed: false };
    if (await jobs.replace(advanced)) return { job: advanced, changed: true };
  }
  throw new Error(`Job ${id} was changed by others ${MAX_CONFLICTS} times in a row`);
};
