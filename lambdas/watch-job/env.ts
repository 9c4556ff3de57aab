import * as z from 'zod';

/** What watching a job needs: read by the handler at init and by the stack at synth. */
export const WatchJobEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  CONNECTIONS_TABLE: z.string().min(1),
  JOB_CHANGES_QUEUE_URL: z.string().min(1),
});
