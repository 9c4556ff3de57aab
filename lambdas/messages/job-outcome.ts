import * as z from 'zod';

/** What is known of a stored result; `bytes` is its size. */
export const JobResult = z.object({
  contentType: z.string().min(1),
  width: z.int().min(1),
  height: z.int().min(1),
  bytes: z.int().min(1),
});

/**
 * Why a job failed, as a problem object of RFC 9457.
 * `retryable`: the input is not to blame, and the same message may be processed again (a redrive).
 */
export const JobProblem = z.object({
  type: z.string().min(1),
  title: z.string().min(1),
  detail: z.string().min(1),
  retryable: z.boolean().optional(),
});

export type JobResult = z.infer<typeof JobResult>;
export type JobProblem = z.infer<typeof JobProblem>;
