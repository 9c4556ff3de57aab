import * as z from 'zod';

/** What keeping alerts needs: read by the handler at init and by the stack at synth. */
export const KeepAlertEnv = z.object({
  ALERTS_TABLE: z.string().min(1),
});
