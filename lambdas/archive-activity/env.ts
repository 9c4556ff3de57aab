import * as z from 'zod';

/** What the archive needs: read by the handlers at init and by the stack at synth. */
export const ArchiveActivityEnv = z.object({
  ACTIVITY_ARCHIVE_BUCKET: z.string().min(1),
});
