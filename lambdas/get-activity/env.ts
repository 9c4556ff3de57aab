import * as z from 'zod';

/** What telling the activity needs: read by the handler at init and by the stack at synth. */
export const GetActivityEnv = z.object({
  ACTIVITY_COUNTS_TABLE: z.string().min(1),
});
