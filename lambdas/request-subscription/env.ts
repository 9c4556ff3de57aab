import * as z from 'zod';

/** What taking a subscription needs: read by the handler at init and by the stack at synth. */
export const RequestSubscriptionEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
  INBOX_DELIVERIES_QUEUE_URL: z.string().min(1),
  WEBHOOK_DELIVERIES_QUEUE_URL: z.string().min(1),
  ALLOW_PRIVATE_WEBHOOKS: z.enum(['true', 'false']),
});
