import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { dynamoDbJobWebhooks } from '../adapters/dynamodb-job-webhooks.ts';
import { readEnv } from '../adapters/environment.ts';
import { s3UploadForms } from '../adapters/s3-upload-forms.ts';
import { sqsDeadlines } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { requestJob } from '../domain/request-job.ts';
import { describeJob, jobPath } from '../http/job-resource.ts';
import { json, RETRY_SOON } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { JobRequest } from '../messages/job-request.ts';
import { RequestJobEnv } from './env.ts';

const env = readEnv(RequestJobEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  forms: s3UploadForms(env.UPLOADS_BUCKET),
  deadlines: sqsDeadlines(env.DEADLINES_QUEUE_URL),
  webhooks: dynamoDbJobWebhooks(env.WEBHOOKS_TABLE, systemClock),
  webhookRules: { allowPrivate: env.ALLOW_PRIVATE_WEBHOOKS === 'true' },
  clock: systemClock,
};

/** `POST /v1/jobs`: 202 with the job, where to ask for it, the form to upload with, and the secret of its webhook. */
export const handler = restHandler(JobRequest, async ({ body, owner, trace, jobsPath }) => {
  const { job, upload, webhook } = await requestJob(body, { owner, trace }, ports);
  const location = jobPath(jobsPath, job.id);
  const told = { upload, ...(webhook && { webhook: { url: webhook.url, secret: webhook.secret } }) };
  return json(202, { ...describeJob(job, jobsPath), ...told }, { location, ...RETRY_SOON });
});
