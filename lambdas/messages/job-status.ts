export const JOB_STATUSES = [
  'awaiting_upload',
  'queued',
  'processing',
  'succeeded',
  'failed',
  'canceled',
  'expired',
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];
