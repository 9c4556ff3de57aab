import type { App } from '../../scenarios/app/app.ts';
import { ENDED, type Job } from '../../scenarios/app/jobs.ts';

const A_FEW = 5;

/** Asks until all have ended; where nothing moves any more, messages wait out a visibility timeout, and time is skipped. */
export const jobsEnded = async (app: App, ids: readonly string[]): Promise<Job[]> => {
  const ended = new Map<string, Job>();
  for (let round = 0; ended.size < ids.length && round < 200; round += 1) {
    const before = ended.size;
    const waiting = ids.filter((id) => !ended.has(id));
    // A few at a time: each question that is under way needs an environment of its own, beside those that do the work.
    for (let from = 0; from < waiting.length; from += A_FEW) {
      const some = await Promise.all(waiting.slice(from, from + A_FEW).map((id) => app.jobs.get(id)));
      for (const job of some) if (ENDED.includes(job.status)) ended.set(job.id, job);
    }
    const { waiting: backlog } = await app.depth(app.output('JobsQueueUrl'));
    if (ended.size === before && backlog === 0) await app.passTime(4 * 60_000);
  }
  return [...ended.values()];
};
