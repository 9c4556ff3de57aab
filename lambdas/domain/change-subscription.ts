import type { SubscriptionChange } from '../messages/newsletter-requests.ts';
import type { Subscriptions } from './newsletter-ports.ts';
import type { Clock } from './ports.ts';
import { subscriptionHasEnded, unknownSubscription } from './problem.ts';
import { confirm, end, hasEnded, isForgotten, type Subscription } from './subscription.ts';
import { mayEnd, ownsSubscription } from './subscription-tokens.ts';

export interface ChangeSubscriptionPorts {
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
}

/** Ids are UUIDs: nothing else is looked up. */
const SUBSCRIPTION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How often a writer that was overtaken reads again. */
const ATTEMPTS = 5;

/**
 * Confirms a subscription by the token that was sent to its address, and changes its topics where they are given.
 * It takes the place of what the address had asked for before.
 * @throws {ProblemError} `unknown-subscription`, `subscription-has-ended`
 */
export const changeSubscription = async (
  id: string,
  { token, topics }: SubscriptionChange,
  ports: ChangeSubscriptionPorts,
): Promise<Subscription> => {
  const changed = await replaced(id, ports, (found) => {
    if (!found || !ownsSubscription(found, token)) throw unknown();
    if (hasEnded(found)) throw subscriptionHasEnded('A new subscription can be asked for.');
    return found.status === 'confirmed' && !topics
      ? undefined
      : confirm(found, topics && [...new Set(topics)]);
  });
  await keepNewest(changed, ports);
  return changed;
};

/**
 * Ends a subscription; ending it again changes nothing.
 * @throws {ProblemError} `unknown-subscription`
 */
export const endSubscription = async (
  id: string,
  token: string,
  ports: ChangeSubscriptionPorts,
): Promise<void> => {
  await replaced(id, ports, (found) => {
    if (!found || !mayEnd(found, token)) throw unknown();
    return hasEnded(found) ? undefined : end(found, 'ended', ports.clock.now());
  });
};

/** The receiver itself has said that it wants no more. */
export const subscriptionGone = async (id: string, ports: ChangeSubscriptionPorts): Promise<void> => {
  await ended(id, 'gone', ports);
};

const ended = (id: string, status: 'ended' | 'gone', ports: ChangeSubscriptionPorts): Promise<Subscription> =>
  replaced(id, ports, (found) => {
    if (!found) throw unknown();
    return hasEnded(found) ? undefined : end(found, status, ports.clock.now());
  });

/** That an id exists is nobody's business who does not hold its token. */
const unknown = () => unknownSubscription('There is no subscription with this id and token.');

/** Reads, decides and writes, again when another writer was faster. @returns what is stored in the end */
const replaced = async (
  id: string,
  { subscriptions, clock }: ChangeSubscriptionPorts,
  decide: (found: Subscription | undefined) => Subscription | undefined,
): Promise<Subscription> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stored = SUBSCRIPTION_ID.test(id) ? await subscriptions.find(id) : undefined;
    const found = stored && isForgotten(stored, clock.now()) ? undefined : stored;
    const changed = decide(found);
    if (!changed && found) return found;
    if (changed && (await subscriptions.replace(changed))) return changed;
  }
  throw new Error(`Subscription ${id} was changed by others ${ATTEMPTS} times in a row`);
};

/**
 * An address has one subscription, the one that was asked for last: whichever order several are confirmed in, and even at
 * the same time, it is the same that is left.
 * @throws {ProblemError} `subscription-has-ended` when it is another than the one that was changed
 */
const keepNewest = async (changed: Subscription, ports: ChangeSubscriptionPorts): Promise<void> => {
  const others = await othersOf(changed, ports.subscriptions);
  const newest = others.reduce((kept, other) => (isNewer(other, kept) ? other : kept), changed);
  const overtaken = [changed, ...others].filter(({ id }) => id !== newest.id);
  await Promise.all(overtaken.map(({ id }) => ended(id, 'ended', ports)));
  if (newest.id !== changed.id)
    throw subscriptionHasEnded('The address has a subscription that was asked for later.');
};

/** Each is looked at again: the list may lag behind, and one that has ended must not take the place of another. */
const othersOf = async (
  { id, channel, address }: Subscription,
  subscriptions: Subscriptions,
): Promise<Subscription[]> => {
  const listed = await subscriptions.ofAddress(channel, address);
  const others = await Promise.all(
    listed.filter((one) => one.id !== id).map((one) => subscriptions.find(one.id)),
  );
  return others.filter((one) => one !== undefined).filter(({ status }) => status === 'confirmed');
};

const isNewer = (one: Subscription, other: Subscription): boolean =>
  one.createdAt === other.createdAt ? one.id > other.id : one.createdAt > other.createdAt;
