import * as z from 'zod';

/** What listing edits needs: read by the handler at init and by the stack at synth. */
export const ListEditsEnv = z.object({
  EDITS_TABLE: z.string().min(1),
});
