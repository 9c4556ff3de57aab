import * as z from 'zod';

/** What taking a job needs: read by the handler at init and by the stack at synth. */
export const RequestJobEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  UPLOADS_BUCKET: z.string().min(1),
  DEADLINES_QUEUE_URL: z.string().min(1),
  WEBHOOKS_TABLE: z.string().min(1),
  ALLOW_PRIVATE_WEBHOOKS: z.enum(['true', 'false']),
});
