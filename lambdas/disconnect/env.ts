import * as z from 'zod';

/** What forgetting a connection needs: read by the handler at init and by the stack at synth. */
export const DisconnectEnv = z.object({
  CONNECTIONS_TABLE: z.string().min(1),
});
