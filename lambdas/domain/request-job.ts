import { randomUUID } from 'node:crypto';
import type { Trace } from '../messages/cloud-event.ts';
import type { JobRequest } from '../messages/job-request.ts';
import type { Job } from './job.ts';
import { uploadKey } from './keys.ts';
import { jobDeadline } from './messages.ts';
import type { Clock, Deadlines, JobStore, UploadForm, UploadForms } from './ports.ts';
import { invalidRequest } from './problem.ts';
import type { JobWebhook, JobWebhooks } from './push-ports.ts';
import { newSecret } from './subscription-tokens.ts';
import { type WebhookRules, webhookUrl } from './webhook-address.ts';

/** How long an upload may take, in seconds; twice as long as its form is valid, so that the last upload is in time. */
export const UPLOAD_DEADLINE_SECONDS = 600;

export interface RequestJobPorts {
  readonly jobs: JobStore;
  readonly forms: UploadForms;
  readonly deadlines: Deadlines;
  readonly webhooks: JobWebhooks;
  readonly webhookRules: WebhookRules;
  readonly clock: Clock;
}

/** What the client learns once: how to upload, and what the events of its webhook are signed with. */
export interface TakenJob {
  readonly job: Job;
  readonly upload: UploadForm;
  readonly webhook: JobWebhook | undefined;
}

/**
 * Takes a job: it exists, and its deadline is set, before anyone hears of it.
 * @throws {ProblemError} `invalid-request` for a webhook at an address that none are sent to
 */
export const requestJob = async (
  request: JobRequest,
  caller: { readonly owner: string; readonly trace: Trace },
  { jobs, forms, deadlines, webhooks, webhookRules, clock }: RequestJobPorts,
): Promise<TakenJob> => {
  const job = newJob(request, caller.owner, caller.trace, clock.now().toISOString());
  const webhook = newWebhook(job, webhookRules);
  // Before the job: no change of it may find its webhook missing.
  if (webhook) await webhooks.add(webhook);
  await jobs.add(job);
  await deadlines.send(jobDeadline(job, clock), UPLOAD_DEADLINE_SECONDS);

  const { contentType, contentLength: maxBytes } = job;
  const upload = await forms.form({ key: uploadKey(job.id), contentType, maxBytes });
  return { job, upload, webhook };
};

const newWebhook = ({ id, webhook }: Job, rules: WebhookRules): JobWebhook | undefined => {
  if (!webhook) return undefined;
  if (!webhookUrl(webhook.url, rules)) {
    throw invalidRequest([{ pointer: '#/webhook/url', detail: 'must be an https URL of a public address' }]);
  }
  return { jobId: id, url: webhook.url, secret: newSecret(), seq: 0 };
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
  ...(request.webhook && { webhook: request.webhook }),
  history: [{ status: 'awaiting_upload', at: createdAt }],
  trace,
});
