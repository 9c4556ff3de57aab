import * as z from 'zod';

/** What delivering to inboxes needs: read by the handler at init and by the stack at synth. */
export const DeliverInboxEnv = z.object({
  SUBSCRIPTIONS_TABLE: z.string().min(1),
  INBOXES_TABLE: z.string().min(1),
  INBOX_DELIVERIES_QUEUE_URL: z.string().min(1),
});
