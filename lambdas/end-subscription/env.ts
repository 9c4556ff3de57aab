import * as z from 'zod';

/** What ending a subscription needs: read by the handler at init and by the stack at synth. */
export const EndSubscriptionEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
});
