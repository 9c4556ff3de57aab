import * as z from 'zod';

/** What sending webhooks needs: read by the handler at init and by the stack at synth. */
export const DeliverWebhooksEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
  RECEIPTS_TABLE: z.string().min(1),
  WEBHOOK_DELIVERIES_QUEUE_URL: z.string().min(1),
  WEBHOOK_DEAD_LETTERS_URL: z.string().min(1),
  ALLOW_PRIVATE_WEBHOOKS: z.enum(['true', 'false']),
});
