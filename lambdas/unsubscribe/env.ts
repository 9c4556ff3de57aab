import * as z from 'zod';

/** What unsubscribing by a link needs: read by the handler at init and by the stack at synth. */
export const UnsubscribeEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
});
