import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { sqsConfirmations } from '../adapters/sqs-newsletter-queues.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { requestSubscription } from '../domain/request-subscription.ts';
import { webhookUrl } from '../domain/webhook-address.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { describeSubscription } from '../http/subscription-resource.ts';
import { SubscriptionRequest } from '../messages/newsletter-requests.ts';
import { RequestSubscriptionEnv } from './env.ts';

const env = readEnv(RequestSubscriptionEnv);
const allowPrivate = env.ALLOW_PRIVATE_WEBHOOKS === 'true';
const ports = {
  subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE),
  confirmations: sqsConfirmations({
    inbox: env.INBOX_DELIVERIES_QUEUE_URL,
    webhook: env.WEBHOOK_DELIVERIES_QUEUE_URL,
  }),
  allowsWebhook: (url: string) => webhookUrl(url, { allowPrivate }) !== undefined,
  clock: systemClock,
};

/** `POST /v1/subscriptions`: 202 whoever asks. A webhook's secret is told here and never again. */
export const handler = restHandler(SubscriptionRequest, async ({ body, apiUrl, path, trace }) => {
  const subscription = await requestSubscription(body, { apiUrl, trace }, ports);
  const { id, channel, secret } = subscription;
  const self = `${path}/${id}`;
  const shown = { ...describeSubscription(subscription, self), ...(channel === 'webhook' && { secret }) };
  return json(202, shown, { location: self });
});
