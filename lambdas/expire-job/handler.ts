import { consume } from '../adapters/consume.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { sqsJobChanges } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { expireJob } from '../domain/expire-job.ts';
import { JobDeadline } from '../messages/job-messages.ts';
import { ExpireJobEnv } from './env.ts';

const env = readEnv(ExpireJobEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
  clock: systemClock,
};

/** Ends jobs whose upload has not come in time. */
export const handler = consume(JobDeadline, async ({ data }) => {
  const expired = await expireJob(data.jobId, ports);
  if (expired) log.info('A job has expired');
});
