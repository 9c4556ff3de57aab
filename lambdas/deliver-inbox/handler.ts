import { consume } from '../adapters/consume.ts';
import { dynamoDbInboxes } from '../adapters/dynamodb-inboxes.ts';
import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsContinuations } from '../adapters/sqs-newsletter-queues.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { deliverConfirmation, deliverIssue } from '../domain/deliver-inbox.ts';
import { InboxMessage } from '../messages/newsletter-messages.ts';
import { DeliverInboxEnv } from './env.ts';

const env = readEnv(DeliverInboxEnv);
const ports = {
  subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE),
  inboxes: dynamoDbInboxes(env.INBOXES_TABLE),
  continuations: sqsContinuations(env.INBOX_DELIVERIES_QUEUE_URL),
  clock: systemClock,
};

/** Puts issues, and questions for confirmation, into inboxes. */
export const handler = consume(InboxMessage, (message) =>
  message.type === 'serverless-ipc.subscription.requested.v1'
    ? deliverConfirmation(message, ports)
    : deliverIssue(message, ports),
);
