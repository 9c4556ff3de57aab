import { ChangeSubscriptionEnv } from '../../../lambdas/change-subscription/env.ts';
import { EndSubscriptionEnv } from '../../../lambdas/end-subscription/env.ts';
import { ListMessagesEnv } from '../../../lambdas/list-messages/env.ts';
import {
  NewsletterRequest,
  SubscriptionChange,
  SubscriptionRequest,
} from '../../../lambdas/messages/newsletter-requests.ts';
import { PublishNewsletterEnv } from '../../../lambdas/publish-newsletter/env.ts';
import { RequestSubscriptionEnv } from '../../../lambdas/request-subscription/env.ts';
import { UnsubscribeEnv } from '../../../lambdas/unsubscribe/env.ts';
import { RestEndpoint } from '../../constructs/rest-endpoint.ts';
import { allowIndex, bindTable } from '../job-table.ts';
import type { NewsletterStack } from '../newsletter-stack.ts';
import { answering, type Door } from './door.ts';

/** Read, and written back whole on the condition that nobody else did so meanwhile. */
const readAndReplace = ['dynamodb:GetItem', 'dynamodb:PutItem'];

/** Topic: issues are published, subscribed to, and read. */
export const newsletterRoutes = (door: Door, newsletter: NewsletterStack): void => {
  publishing(door, newsletter);
  subscribing(door, newsletter);
  ending(door, newsletter);
  reading(door, newsletter);
};

const publishing = (door: Door, { newsletters }: NewsletterStack): void => {
  const publish = answering(
    door,
    'PublishNewsletter',
    'publish-newsletter',
    'Publishes an issue',
    PublishNewsletterEnv,
  );
  newsletters.publishFrom(publish, 'NEWSLETTERS_TOPIC_ARN');
  new RestEndpoint(door.scope, 'PostNewsletter', {
    api: door.api,
    method: 'POST',
    path: '/v1/newsletters',
    handler: publish,
    body: NewsletterRequest,
  });
};

const subscribing = (
  door: Door,
  { tables: { subscriptions }, inboxDeliveries, webhookDeliveries }: NewsletterStack,
): void => {
  const { scope, api, config } = door;
  const request = answering(
    door,
    'RequestSubscription',
    'request-subscription',
    'Takes a subscription and asks its address to confirm it',
    RequestSubscriptionEnv,
  );
  bindTable(request, 'SUBSCRIPTIONS_TABLE', subscriptions, ['dynamodb:PutItem']);
  inboxDeliveries.sendFrom(request, 'INBOX_DELIVERIES_QUEUE_URL');
  webhookDeliveries.sendFrom(request, 'WEBHOOK_DELIVERIES_QUEUE_URL');
  request.addEnvironment('ALLOW_PRIVATE_WEBHOOKS', String(config.allowPrivateWebhooks));
  new RestEndpoint(scope, 'PostSubscription', {
    api,
    method: 'POST',
    path: '/v1/subscriptions',
    handler: request,
    body: SubscriptionRequest,
  });

  const change = answering(
    door,
    'ChangeSubscription',
    'change-subscription',
    'Confirms and changes a subscription',
    ChangeSubscriptionEnv,
  );
  bindTable(change, 'SUBSCRIPTIONS_TABLE', subscriptions, readAndReplace);
  allowIndex(change, subscriptions, 'byAddress');
  new RestEndpoint(scope, 'PatchSubscription', {
    api,
    method: 'PATCH',
    path: '/v1/subscriptions/{id}',
    handler: change,
    body: SubscriptionChange,
  });
};

const ending = (door: Door, { tables: { subscriptions } }: NewsletterStack): void => {
  const { scope, api } = door;
  const end = answering(
    door,
    'EndSubscription',
    'end-subscription',
    'Ends a subscription',
    EndSubscriptionEnv,
  );
  bindTable(end, 'SUBSCRIPTIONS_TABLE', subscriptions, readAndReplace);
  new RestEndpoint(scope, 'DeleteSubscription', {
    api,
    method: 'DELETE',
    path: '/v1/subscriptions/{id}',
    handler: end,
  });

  const unsubscribe = answering(
    door,
    'Unsubscribe',
    'unsubscribe',
    'Ends a subscription by one click',
    UnsubscribeEnv,
  );
  bindTable(unsubscribe, 'SUBSCRIPTIONS_TABLE', subscriptions, readAndReplace);
  new RestEndpoint(scope, 'PostUnsubscribe', {
    api,
    method: 'POST',
    path: '/v1/subscriptions/{id}/unsubscribe',
    handler: unsubscribe,
  });
};

const reading = (door: Door, { tables: { inboxes } }: NewsletterStack): void => {
  const list = answering(door, 'ListMessages', 'list-messages', 'Shows an inbox', ListMessagesEnv);
  bindTable(list, 'INBOXES_TABLE', inboxes, ['dynamodb:Query']);
  new RestEndpoint(door.scope, 'GetMessages', {
    api: door.api,
    method: 'GET',
    path: '/v1/inboxes/{address}/messages',
    handler: list,
  });
};
