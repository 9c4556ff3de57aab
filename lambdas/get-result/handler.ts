import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { s3ResultLinks } from '../adapters/s3-result-links.ts';
import { linkToResult } from '../domain/find-job.ts';
import { noBody } from '../http/request.ts';
import { empty } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { GetResultEnv } from './env.ts';

const env = readEnv(GetResultEnv);
const ports = { jobs: dynamoDbJobStore(env.JOBS_TABLE), results: s3ResultLinks(env.RESULTS_BUCKET) };

/** `GET /v1/jobs/{id}/result`: 303 to a link that is good for a few minutes, and hence is kept by no cache. */
export const handler = restHandler(noBody, async ({ jobId, owner }) => {
  const location = await linkToResult(jobId, owner, ports);
  return empty(303, { location, 'cache-control': 'no-store' });
});
