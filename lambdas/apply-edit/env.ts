import * as z from 'zod';

/** What applying an edit needs: read by the handler at init and by the stack at synth. */
export const ApplyEditEnv = z.object({
  EDITS_TABLE: z.string().min(1),
  EDIT_EVENTS_TOPIC_ARN: z.string().min(1),
});
