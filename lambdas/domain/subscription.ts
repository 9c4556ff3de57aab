import type { Channel } from '../messages/newsletter-requests.ts';

/** `pending` until confirmed through the channel itself; `gone`: the receiver has answered that it wants no more (410). */
export const SUBSCRIPTION_STATUSES = ['pending', 'confirmed', 'ended', 'gone'] as const;

export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Who wants which issues, and where. */
export interface Subscription {
  readonly id: string;
  readonly channel: Channel;
  /** The name of an inbox, or the URL of a webhook. */
  readonly address: string;
  readonly topics: readonly string[];
  readonly status: SubscriptionStatus;
  /** Grows by one with every change: what a writer has read is out of date once it has grown. */
  readonly seq: number;
  readonly createdAt: string;
  /** SHA-256 of the token that was sent to the address, in hex. The token itself is not kept. */
  readonly tokenHash: string;
  /** Signs what is sent to the address: webhooks (`whsec_`, Standard Webhooks) and links for unsubscribing. Never logged. */
  readonly secret: string;
  /** When the subscription is forgotten, in ms since the epoch: a confirmed one is not. */
  readonly expiresAt?: number | undefined;
}

const HOUR_MS = 60 * 60 * 1_000;

/** How long a subscription waits for its confirmation. */
export const CONFIRM_WITHIN_MS = 24 * HOUR_MS;

/** How long an ended one is kept: an unsubscribe link that is followed again still finds it. */
const KEEP_ENDED_MS = 30 * 24 * HOUR_MS;

/** What is not known any more, and nobody has cleaned up yet. */
export const isForgotten = ({ expiresAt }: Subscription, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= now.getTime();

export const hasEnded = ({ status }: Subscription): boolean => status === 'ended' || status === 'gone';

/** The confirmed subscription, with other topics where they are given. */
export const confirm = (
  { expiresAt: _expiresAt, ...subscription }: Subscription,
  topics: readonly string[] | undefined,
): Subscription => ({
  ...subscription,
  status: 'confirmed',
  topics: topics ?? subscription.topics,
  seq: subscription.seq + 1,
});

export const end = (subscription: Subscription, status: 'ended' | 'gone', now: Date): Subscription => ({
  ...subscription,
  status,
  seq: subscription.seq + 1,
  expiresAt: now.getTime() + KEEP_ENDED_MS,
});
