import { consumeInOrder } from '../adapters/consume-in-order.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { dynamoDbJobWebhooks } from '../adapters/dynamodb-job-webhooks.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { sqsRetries } from '../adapters/sqs-retries.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { createWebhookSender } from '../adapters/webhook-sender.ts';
import { sendJobWebhook } from '../domain/send-job-webhook.ts';
import { delayAfter } from '../domain/webhook-retries.ts';
import { JobChanged } from '../messages/job-messages.ts';
import { SendJobWebhookEnv } from './env.ts';

const env = readEnv(SendJobWebhookEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  webhooks: dynamoDbJobWebhooks(env.WEBHOOKS_TABLE, systemClock),
  sender: createWebhookSender({ allowPrivate: env.ALLOW_PRIVATE_WEBHOOKS === 'true' }),
  clock: systemClock,
};
const retries = sqsRetries(env.JOB_WEBHOOKS_QUEUE_URL);

/**
 * Sends the events of a job to its webhook. What was not taken comes again later and later, and meanwhile nothing else of
 * this job; after the last attempt the message becomes a dead letter, and what stands behind it is dropped. A redrive goes on
 * from there, with everything that has happened since.
 */
export const handler = consumeInOrder(JobChanged, async (change, { receiptHandle, receiveCount }) => {
  const { jobId } = change.data;
  const progress = await sendJobWebhook(change, ports);
  if (progress === 'given-up')
    log.warn('An event was dropped: its webhook was given up, and a redrive of the dead letter sends it', {
      jobId,
    });
  if (progress === 'removed')
    log.warn('A webhook was removed: it is gone, or not at a public address', { jobId });
  if (progress !== 'retry') return;
  const seconds = delayAfter(receiveCount, Math.random());
  if (seconds === undefined) await ports.webhooks.giveUp(jobId, change.id);
  else await retries.hide(receiptHandle, seconds);
  throw new Error(`The webhook of job ${jobId} was not taken in attempt ${receiveCount}`);
});
