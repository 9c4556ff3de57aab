import type { JobEvent } from './job.ts';
import type { JobStore, Moved } from './ports.ts';
import { unknownJob } from './problem.ts';

/**
 * Moves a stored job on, unless the event is late or repeated.
 * @throws {ProblemError} `unknown-job`
 */
export const applyEvent = async (jobs: JobStore, id: string, event: JobEvent): Promise<Moved> => {
  const moved = await jobs.move(id, event);
  if (!moved) throw unknownJob(`There is no job ${id}.`);
  return moved;
};
