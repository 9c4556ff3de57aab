import * as z from 'zod';

/** What reading an inbox needs: read by the handler at init and by the stack at synth. */
export const ListMessagesEnv = z.object({
  INBOXES_TABLE: z.string().min(1),
});
