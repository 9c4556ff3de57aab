import type { Subscription } from '../domain/subscription.ts';

/** A subscription as its owner sees it: without what is only for us. */
export const describeSubscription = (
  { id, channel, address, topics, status, createdAt }: Subscription,
  self: string,
): object => ({
  id,
  channel,
  address,
  topics,
  status,
  createdAt,
  links: { self },
});
