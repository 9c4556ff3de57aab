import * as z from 'zod';

/** What the counter needs: read by the handlers at init and by the stack at synth. */
export const CountActivityEnv = z.object({
  ACTIVITY_COUNTS_TABLE: z.string().min(1),
});
