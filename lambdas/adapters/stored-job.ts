import * as z from 'zod';
import type { Job } from '../domain/job.ts';
import { Trace } from '../messages/cloud-event.ts';
import { JobProblem, JobResult } from '../messages/job-outcome.ts';
import { ImageContentType } from '../messages/job-request.ts';
import { JOB_STATUSES } from '../messages/job-status.ts';
import { Operations } from '../messages/operations.ts';

const Status = z.enum(JOB_STATUSES);

/** A job as it lies in the table: what is read is checked, as the table outlives any version of this code. */
export const StoredJob: z.ZodType<Job> = z.object({
  id: z.string(),
  owner: z.string(),
  status: Status,
  attempt: z.int(),
  seq: z.int(),
  createdAt: z.string(),
  contentType: ImageContentType,
  contentLength: z.int(),
  operations: Operations,
  history: z.array(z.object({ status: Status, at: z.string() })),
  error: JobProblem.optional(),
  result: JobResult.optional(),
  webhook: z.object({ url: z.string() }).optional(),
  trace: Trace,
});
