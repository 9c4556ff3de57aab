import { randomUUID } from 'node:crypto';
import type { Trace } from '../messages/cloud-event.ts';
import { InboxAddress, type SubscriptionRequest } from '../messages/newsletter-requests.ts';
import { confirmationRequested } from './newsletter-events.ts';
import type { Confirmations, Subscriptions } from './newsletter-ports.ts';
import type { Clock } from './ports.ts';
import { invalidRequest } from './problem.ts';
import { CONFIRM_WITHIN_MS, type Subscription } from './subscription.ts';
import { hashOf, newSecret, newToken } from './subscription-tokens.ts';

export interface RequestSubscriptionPorts {
  readonly subscriptions: Subscriptions;
  readonly confirmations: Confirmations;
  /** Whether webhooks may be sent to this URL, as far as it tells. */
  readonly allowsWebhook: (url: string) => boolean;
  readonly clock: Clock;
}

/**
 * Takes a subscription, and asks its address to confirm it. Nothing is looked up: every request makes a subscription of its
 * own, so that neither the answer nor its time tells whether the address is known.
 * @throws {ProblemError} `invalid-request`
 */
export const requestSubscription = async (
  { channel, address, topics }: SubscriptionRequest,
  { apiUrl, trace }: { readonly apiUrl: string; readonly trace: Trace },
  { subscriptions, confirmations, allowsWebhook, clock }: RequestSubscriptionPorts,
): Promise<Subscription> => {
  if (channel === 'webhook' && !allowsWebhook(address)) {
    throw invalidRequest([{ pointer: '#/address', detail: 'must be an https URL of a public address' }]);
  }
  const now = clock.now();
  const token = newToken();
  const subscription: Subscription = {
    id: randomUUID(),
    channel,
    address: channel === 'inbox' ? InboxAddress.parse(address) : address,
    topics: [...new Set(topics)],
    status: 'pending',
    seq: 1,
    createdAt: now.toISOString(),
    tokenHash: hashOf(token),
    secret: newSecret(),
    expiresAt: now.getTime() + CONFIRM_WITHIN_MS,
  };
  await subscriptions.add(subscription);
  await confirmations.send(confirmationRequested(subscription, token, apiUrl, trace, clock));
  return subscription;
};
