import * as z from 'zod';

/** What ending an exhausted job needs: read by the handler at init and by the stack at synth. */
export const FailJobEnv = z.object({
  JOB_EVENTS_TOPIC_ARN: z.string().min(1),
  JOBS_DEAD_LETTERS_URL: z.string().min(1),
});
