import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { findJob } from '../domain/find-job.ts';
import { hasEnded } from '../domain/job.ts';
import { describeJob, etagOf, isUnchanged } from '../http/job-resource.ts';
import { noBody } from '../http/request.ts';
import { empty, json, RETRY_SOON } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { GetJobEnv } from './env.ts';

const env = readEnv(GetJobEnv);
const jobs = dynamoDbJobStore(env.JOBS_TABLE);

/** `GET /v1/jobs/{id}`: 200 whatever has become of the job, 304 while nothing has changed. */
export const handler = restHandler(noBody, async ({ jobId, owner, jobsPath, header }) => {
  const job = await findJob(jobId, owner, jobs);
  const etag = etagOf(job);
  const headers = { etag, ...(!hasEnded(job) && RETRY_SOON) };
  return isUnchanged(header('if-none-match'), etag)
    ? empty(304, headers)
    : json(200, describeJob(job, jobsPath), headers);
});
