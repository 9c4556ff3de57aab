import * as z from 'zod';

/** What the projector needs: read by the handler at init and by the stack at synth. */
export const ProjectJobEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  JOB_CHANGES_QUEUE_URL: z.string().min(1),
});
