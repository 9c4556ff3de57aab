import * as z from 'zod';

/** What keeping feedback needs: read by the handler at init and by the stack at synth. */
export const KeepFeedbackEnv = z.object({
  FEEDBACK_TABLE: z.string().min(1),
});
