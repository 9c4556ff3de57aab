import * as z from 'zod';

/** What handing out a result needs: read by the handler at init and by the stack at synth. */
export const GetResultEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  RESULTS_BUCKET: z.string().min(1),
});
