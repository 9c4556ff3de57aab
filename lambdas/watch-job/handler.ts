import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { dynamoDbWatchers } from '../adapters/dynamodb-watchers.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsJobChanges } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { watchJob } from '../domain/watch-job.ts';
import { WatchMessage } from '../messages/watch-request.ts';
import { socketHandler } from '../websocket/socket-handler.ts';
import { WatchJobEnv } from './env.ts';

const env = readEnv(WatchJobEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  watchers: dynamoDbWatchers(env.CONNECTIONS_TABLE, systemClock),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
  clock: systemClock,
};

/** `{"action":"watch","jobId":"..."}`: the events of the job follow, from its first on. */
export const handler = socketHandler(WatchMessage, async ({ jobId, callerId }, sender) => {
  const { id } = await watchJob({ jobId, owner: callerId, ...sender }, ports);
  return { watching: id };
});
