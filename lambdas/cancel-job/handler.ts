import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsJobChanges } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { cancelJob } from '../domain/cancel-job.ts';
import { describeJob, etagOf } from '../http/job-resource.ts';
import { noBody } from '../http/request.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { CancelJobEnv } from './env.ts';

const env = readEnv(CancelJobEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
  clock: systemClock,
};

/** `POST /v1/jobs/{id}/cancel`: 200 with the job as it is now. */
export const handler = restHandler(noBody, async ({ jobId, owner, jobsPath }) => {
  const job = await cancelJob(jobId, owner, ports);
  return json(200, describeJob(job, jobsPath), { etag: etagOf(job) });
});
