import { dynamoDbSubscriptions } from '../adapters/dynamodb-subscriptions.ts';
import { readEnv } from '../adapters/environment.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { endSubscription } from '../domain/change-subscription.ts';
import { invalidRequest } from '../domain/problem.ts';
import { isOneClick } from '../http/one-click.ts';
import { noBody } from '../http/request.ts';
import { empty } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { UnsubscribeEnv } from './env.ts';

const env = readEnv(UnsubscribeEnv);
const ports = { subscriptions: dynamoDbSubscriptions(env.SUBSCRIPTIONS_TABLE), clock: systemClock };

/**
 * `POST /v1/subscriptions/{id}/unsubscribe?token`: 204, also when it has ended before. The body has to say what is meant:
 * something that only follows links must not unsubscribe anybody.
 */
export const handler = restHandler(noBody, async ({ parameter, query, text }) => {
  if (!isOneClick(text())) {
    throw invalidRequest([{ pointer: '#', detail: 'the body must be List-Unsubscribe=One-Click' }]);
  }
  await endSubscription(parameter('id'), query.token ?? '', ports);
  return empty(204, {});
});
