import { consume } from '../adapters/consume.ts';
import { dynamoDbReceipts } from '../adapters/dynamodb-receipts.ts';
import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsContinuations, sqsWebhookQueue } from '../adapters/sqs-newsletter-queues.ts';
import { sqsRetries } from '../adapters/sqs-retries.ts';
import { sqsDeadLetters } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { createWebhookSender } from '../adapters/webhook-sender.ts';
import { deliverConfirmation, deliverIssue, expandIssue } from '../domain/deliver-webhook.ts';
import { settleWebhook } from '../domain/settle-webhook.ts';
import { WebhookMessage } from '../messages/newsletter-messages.ts';
import { DeliverWebhooksEnv } from './env.ts';

const env = readEnv(DeliverWebhooksEnv);
const ports = {
  subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE),
  receipts: dynamoDbReceipts(env.RECEIPTS_TABLE, systemClock),
  webhooks: createWebhookSender({ allowPrivate: env.ALLOW_PRIVATE_WEBHOOKS === 'true' }),
  queue: sqsWebhookQueue(env.WEBHOOK_DELIVERIES_QUEUE_URL),
  continuations: sqsContinuations(env.WEBHOOK_DELIVERIES_QUEUE_URL),
  retries: sqsRetries(env.WEBHOOK_DELIVERIES_QUEUE_URL),
  deadLetters: sqsDeadLetters(env.WEBHOOK_DEAD_LETTERS_URL),
  clock: systemClock,
  random: Math.random,
};

/** Turns an issue into a message for each webhook, and sends what each message is for. */
export const handler = consume(WebhookMessage, async (message, delivery) => {
  switch (message.type) {
    case 'serverless-ipc.newsletter.published.v1':
    case 'serverless-ipc.newsletter.continued.v1':
      return expandIssue(message, ports);
    case 'serverless-ipc.newsletter.webhook-due.v1':
      return settleWebhook(await deliverIssue(message, ports), message.data.subscriptionId, delivery, ports);
    case 'serverless-ipc.subscription.requested.v1':
      return settleWebhook(
        await deliverConfirmation(message, ports),
        message.data.subscriptionId,
        delivery,
        ports,
      );
  }
});
