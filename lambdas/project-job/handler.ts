import { consume } from '../adapters/consume.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { sqsJobChanges } from '../adapters/sqs-senders.ts';
import { projectJob } from '../domain/project-job.ts';
import { JobOutcome } from '../messages/job-messages.ts';
import { ProjectJobEnv } from './env.ts';

const env = readEnv(ProjectJobEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
};

/** Moves stored jobs on to what has been published about them. */
export const handler = consume(JobOutcome, async (outcome) => {
  const changed = await projectJob(outcome, ports);
  if (!changed) log.info('A late or repeated event was ignored');
});
