import * as z from 'zod';

/** What publishing an issue needs: read by the handler at init and by the stack at synth. */
export const PublishNewsletterEnv = z.object({
  NEWSLETTERS_TOPIC_ARN: z.string().min(1),
});
