import * as z from 'zod';

/** What the recorder needs: read by the handler at init and by the stack at synth. */
export const RecordActivityEnv = z.object({
  ACTIVITY_STREAM: z.string().min(1),
});
