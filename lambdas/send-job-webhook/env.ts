import * as z from 'zod';

/** What sending the events of jobs to their webhooks needs: read by the handler at init and by the stack at synth. */
export const SendJobWebhookEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  WEBHOOKS_TABLE: z.string().min(1),
  JOB_WEBHOOKS_QUEUE_URL: z.string().min(1),
  ALLOW_PRIVATE_WEBHOOKS: z.enum(['true', 'false']),
});
