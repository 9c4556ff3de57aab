import * as z from 'zod';

/** What telling the watchers of a job needs: read by the handler at init and by the stack at synth. */
export const PushJobChangeEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  CONNECTIONS_TABLE: z.string().min(1),
  PUSH_ENDPOINT: z.string().min(1),
  JOB_WEBHOOKS_QUEUE_URL: z.string().min(1),
});
