import * as z from 'zod';

/** What the audit needs: read by the handler at init and by the stack at synth. */
export const AuditEventEnv = z.object({
  AUDIT_BUCKET: z.string().min(1),
});
