import * as z from 'zod';

/** What listing jobs needs: read by the handler at init and by the stack at synth. */
export const ListJobsEnv = z.object({
  JOBS_TABLE: z.string().min(1),
});
