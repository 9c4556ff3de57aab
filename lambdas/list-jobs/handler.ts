import * as z from 'zod';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { describeJob } from '../http/job-resource.ts';
import { noBody, validated } from '../http/request.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { ListJobsEnv } from './env.ts';

const env = readEnv(ListJobsEnv);
const jobs = dynamoDbJobStore(env.JOBS_TABLE);

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).optional(),
});

/** `GET /v1/jobs?limit&cursor`: the caller's jobs, newest first; `next` leads on while there are more. */
export const handler = restHandler(noBody, async ({ query, owner, jobsPath }) => {
  const { limit, cursor } = validated(Page, query, 'query');
  const page = await jobs.list(owner, { limit, cursor });
  const next =
    page.cursor && `${jobsPath}?${new URLSearchParams({ limit: String(limit), cursor: page.cursor })}`;
  return json(200, {
    jobs: page.jobs.map((job) => describeJob(job, jobsPath)),
    ...(page.cursor && { cursor: page.cursor }),
    links: { self: jobsPath, ...(next && { next }) },
  });
});
