import * as z from 'zod';

/** What the image worker needs: read by the handler at init and by the stack at synth. */
export const ProcessImageEnv = z.object({
  JOBS_TABLE: z.string().min(1),
  UPLOADS_BUCKET: z.string().min(1),
  RESULTS_BUCKET: z.string().min(1),
  JOB_EVENTS_TOPIC_ARN: z.string().min(1),
  JOB_CHANGES_QUEUE_URL: z.string().min(1),
});
