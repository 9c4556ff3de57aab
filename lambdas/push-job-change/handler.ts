import { apiGatewayConnections } from '../adapters/api-gateway-connections.ts';
import { consumeInOrder } from '../adapters/consume-in-order.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { dynamoDbWatchers } from '../adapters/dynamodb-watchers.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsJobWebhookQueue } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { pushJobChange } from '../domain/push-job-change.ts';
import { JobNews } from '../messages/job-messages.ts';
import { PushJobChangeEnv } from './env.ts';

const env = readEnv(PushJobChangeEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  watchers: dynamoDbWatchers(env.CONNECTIONS_TABLE, systemClock),
  connections: apiGatewayConnections(env.PUSH_ENDPOINT),
  webhooks: sqsJobWebhookQueue(env.JOB_WEBHOOKS_QUEUE_URL),
};

/** Tells the watchers of a job what has become of it, in order per job. */
export const handler = consumeInOrder(JobNews, (news) => pushJobChange(news, ports));
