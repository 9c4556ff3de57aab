import { randomUUID } from 'node:crypto';
import type { Trace } from '../messages/cloud-event.ts';
import type { JobRequest } from '../messages/job-request.ts';
import type { Job } from './job.ts';
import { uploadKey } from './keys.ts';
import { jobDeadline } from './messages.ts';
import type { Clock, Deadlines, JobStore, UploadForm, UploadForms } from './ports.ts';

/** How long an upload may take, in seconds; twice as long as its form is valid, so that the last upload is in time. */
export const UPLOAD_DEADLINE_SECONDS = 600;

export interface RequestJobPorts {
  readonly jobs: JobStore;
  readonly forms: UploadForms;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
}

/** Takes a job: it exists, and its deadline is set, before anyone hears of it. */
export const requestJob = async (
  request: JobRequest,
  caller: { readonly owner: string; readonly trace: Trace },
  { jobs, forms, deadlines, clock }: RequestJobPorts,
): Promise<{ job: Job; upload: UploadForm }> => {
  const job = newJob(request, caller.owner, caller.trace, clock.now().toISOString());
  await jobs.add(job);
  await deadlines.send(jobDeadline(job, clock), UPLOAD_DEADLINE_SECONDS);

  const { contentType, contentLength: maxBytes } = job;
  const upload = await forms.form({ key: uploadKey(job.id), contentType, maxBytes });
  return { job, upload };
};

const newJob = (request: JobRequest, owner: string, trace: Trace, createdAt: string): Job => ({
  id: randomUUID(),
  owner,
  status: 'awaiting_upload',
  attempt: 0,
  seq: 1,
  createdAt,
  contentType: request.contentType,
  contentLength: request.contentLength,
  operations: request.operations,
  history: [{ status: 'awaiting_upload', at: createdAt }],
  trace,
});
