import * as z from 'zod';

/** What taking an edit needs: read by the handler at init and by the stack at synth. */
export const RequestEditEnv = z.object({
  EDITS_QUEUE_URL: z.string().min(1),
});
