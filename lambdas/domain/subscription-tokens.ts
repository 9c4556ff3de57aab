import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Subscription } from './subscription.ts';

/** 256 random bits: it cannot be guessed, and needs no salt when it is hashed. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** A key of 192 bits, as Standard Webhooks writes it. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * The token in the links for unsubscribing, which stand in every issue: it is computed anew each time instead of being
 * kept, and it opens nothing else.
 */
export const unsubscribeToken = ({ id, secret }: Pick<Subscription, 'id' | 'secret'>): string =>
  createHmac('sha256', secret).update(`unsubscribe:${id}`).digest('base64url');

/** Whether this is the token that was sent to the subscription's address. */
export const ownsSubscription = (subscription: Subscription | undefined, token: string): boolean =>
  sameText(subscription?.tokenHash ?? NO_HASH, hashOf(token)) && subscription !== undefined;

/** Whether this token may end the subscription: its owner's, or the one of an unsubscribe link. */
export const mayEnd = (subscription: Subscription | undefined, token: string): boolean => {
  const link = hashOf(unsubscribeToken(subscription ?? NOBODY));
  const byLink = sameText(link, hashOf(token)) && subscription !== undefined;
  return ownsSubscription(subscription, token) || byLink;
};

/** What is compared with when there is no subscription, so that this takes as long. */
const NO_HASH = '0'.repeat(64);
const NOBODY = { id: '', secret: '' };

/** In constant time: how much of a guess was right must not be measurable. Both are hashes of the same length. */
const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other));
