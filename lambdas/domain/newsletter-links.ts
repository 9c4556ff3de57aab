import type { Subscription } from './subscription.ts';
import { unsubscribeToken } from './subscription-tokens.ts';

export const subscriptionUrl = (apiUrl: string, id: string): string => `${apiUrl}/subscriptions/${id}`;

/** Ends the subscription by a single POST (RFC 8058). Whoever holds it may: it is never logged. */
export const unsubscribeUrl = (apiUrl: string, subscription: Pick<Subscription, 'id' | 'secret'>): string =>
  `${subscriptionUrl(apiUrl, subscription.id)}/unsubscribe?token=${unsubscribeToken(subscription)}`;

/** What tells a mail program that it may offer to unsubscribe (RFC 8058, 3.1). */
export const unsubscribeHeaders = (
  apiUrl: string,
  subscription: Pick<Subscription, 'id' | 'secret'>,
): Readonly<Record<string, string>> => ({
  'List-Unsubscribe': `<${unsubscribeUrl(apiUrl, subscription)}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});
