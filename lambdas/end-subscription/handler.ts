import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { endSubscription } from '../domain/change-subscription.ts';
import { noBody } from '../http/request.ts';
import { empty } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { EndSubscriptionEnv } from './env.ts';

const env = readEnv(EndSubscriptionEnv);
const ports = { subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE), clock: systemClock };

/** `DELETE /v1/subscriptions/{id}?token`: 204, also when it has ended before. */
export const handler = restHandler(noBody, async ({ parameter, query }) => {
  await endSubscription(parameter('id'), query.token ?? '', ports);
  return empty(204, {});
});
