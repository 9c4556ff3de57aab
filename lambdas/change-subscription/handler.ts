import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { changeSubscription } from '../domain/change-subscription.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { describeSubscription } from '../http/subscription-resource.ts';
import { SubscriptionChange } from '../messages/newsletter-requests.ts';
import { ChangeSubscriptionEnv } from './env.ts';

const env = readEnv(ChangeSubscriptionEnv);
const ports = { subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE), clock: systemClock };

/** `PATCH /v1/subscriptions/{id}`: 200 with the subscription, confirmed. */
export const handler = restHandler(SubscriptionChange, async ({ body, parameter, path }) => {
  const subscription = await changeSubscription(parameter('id'), body, ports);
  return json(200, describeSubscription(subscription, path));
});
