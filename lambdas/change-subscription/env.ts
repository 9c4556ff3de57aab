import * as z from 'zod';

/** What confirming and changing a subscription needs: read by the handler at init and by the stack at synth. */
export const ChangeSubscriptionEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
});
