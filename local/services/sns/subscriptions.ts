import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import { checkArnShape, invalidParameter, subscriptionNotFound } from './errors.ts';
import type { FilterPolicy } from './filter-policy.ts';
import type { Subscription, SubscriptionProtocol, Topic } from './model.ts';
import type { SnsStore } from './store.ts';
import { filterOf, withAttribute } from './subscription-attributes.ts';

type Values = Readonly<Record<string, string>>;

export interface Subscribe {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Values;
  readonly principal: string;
}

interface Entry {
  readonly subscription: Subscription;
  readonly filter: FilterPolicy | undefined;
}

/** "Confirmation tokens are valid for two days", and so is a subscription that waits for one. */
const TOKEN_LIFE_MS = 2 * 24 * 3600 * 1000;

const KNOWN_ELSEWHERE = new Set(['email', 'email-json', 'sms', 'application', 'firehose']);

const protocolOf = (protocol: string): SubscriptionProtocol => {
  if (protocol === 'sqs' || protocol === 'lambda' || protocol === 'http' || protocol === 'https')
    return protocol;
  if (KNOWN_ELSEWHERE.has(protocol))
    throw invalidParameter(
      `Protocol Reason: the local cloud delivers to sqs, lambda, http and https, not to ${protocol}`,
    );
  throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
};

const checkEndpoint = (topic: Topic, protocol: SubscriptionProtocol, endpoint: string): void => {
  if (protocol === 'sqs' && !/^arn:[^:]+:sqs:[^:]+:\d+:.+$/.test(endpoint))
    throw invalidParameter('SQS endpoint ARN');
  if (protocol === 'lambda' && !/^arn:[^:]+:lambda:[^:]+:\d+:function:.+$/.test(endpoint))
    throw invalidParameter('Lambda endpoint ARN');
  if (protocol.startsWith('http') && !endpoint.startsWith(`${protocol}://`))
    throw invalidParameter('Endpoint must match the specified protocol');
  if (!topic.fifo && protocol === 'sqs' && endpoint.endsWith('.fifo'))
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  if (protocol.startsWith('http') && Number(topic.attributes.MaximumMessageSize ?? 0) > 262_144)
    throw invalidParameter(
      'Protocol Reason: a topic for messages above 256 KiB delivers to sqs and lambda only',
    );
  if (topic.fifo && protocol !== 'sqs')
    throw invalidParameter(`Endpoint Reason: a FIFO topic delivers to Amazon SQS only, not to ${protocol}`);
};

/** The subscriptions of all topics, with their filters ready to use. */
export class SubscriptionRegistry {
  readonly #store: SnsStore;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #byTopic = new Map<string, Map<string, Entry>>();

  constructor(store: SnsStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    for (const subscription of store.subscriptions())
      if (subscription.state === 'confirmed' || this.#isTokenValid(subscription)) this.#admit(subscription);
      else store.deleteSubscription(subscription.arn);
  }

  list(): readonly Subscription[] {
    return [...this.#entries.values()]
      .map(({ subscription }) => subscription)
      .filter((subscription) => this.#isListed(subscription));
  }

  of(topicArn: string): readonly Subscription[] {
    return this.#in(topicArn)
      .map(({ subscription }) => subscription)
      .filter((subscription) => this.#isListed(subscription));
  }

  /** The confirmed subscriptions of a topic and what each of them wants. */
  receivers(topicArn: string): readonly Entry[] {
    return this.#in(topicArn).filter(({ subscription }) => subscription.state === 'confirmed');
  }

  find(arn: string): Subscription | undefined {
    return this.#entries.get(arn)?.subscription;
  }

  /** Throws AwsError NotFound. */
  get(arn: string): Subscription {
    checkArnShape(arn, 'SubscriptionArn');
    const subscription = this.find(arn);
    if (!subscription || !this.#isListed(subscription)) throw subscriptionNotFound();
    return subscription;
  }

  /** Subscribe: gives the subscription that is there already, if no attribute that was asked for differs. */
  create(request: Subscribe): { readonly subscription: Subscription; readonly isNew: boolean } {
    const wanted = this.#checked(request);
    const present = this.#same(wanted);
    if (!present) return { subscription: this.#put(wanted), isNew: true };
    const differs = Object.entries(wanted.attributes).some(
      ([name, value]) => currentValue(present, name) !== value,
    );
    if (differs)
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    return { subscription: present, isNew: false };
  }

  /** Makes the subscription what is asked for, whatever its attributes were. */
  ensure(request: Subscribe): { readonly subscription: Subscription; readonly isNew: boolean } {
    const wanted = this.#checked(request);
    const present = this.#same(wanted);
    if (!present) return { subscription: this.#put(wanted), isNew: true };
    return { subscription: this.#put({ ...present, attributes: wanted.attributes }), isNew: false };
  }

  setAttribute(subscription: Subscription, name: string, value: string): void {
    const attributes = withAttribute(subscription, subscription.attributes, [name, value], '');
    // A change of scope alone can make the present filter invalid.
    filterOf(attributes);
    this.#put({ ...subscription, attributes });
  }

  /**
   * The token alone says which subscription: the topic that is named beside it is not compared (recorded on AWS, 12-10-2023).
   * Throws AwsError InvalidParameter for a token that is none, or that is too old.
   */
  confirm(token: string, authenticateOnUnsubscribe: boolean): Subscription {
    if (!/^[0-9a-f]+$/.test(token)) throw new AwsError('InvalidParameter', 'Invalid token');
    const entry = [...this.#entries.values()].find(({ subscription }) => subscription.token === token);
    if (!entry || !this.#isTokenValid(entry.subscription)) throw invalidParameter('Token');
    return this.#put({ ...entry.subscription, state: 'confirmed', authenticateOnUnsubscribe });
  }

  /** A web server can restore its subscription with a fresh token; any other is gone at once. */
  remove(subscription: Subscription): Subscription | undefined {
    if (!subscription.protocol.startsWith('http') || subscription.state !== 'confirmed') {
      this.#delete(subscription);
      return undefined;
    }
    return this.#put({ ...subscription, state: 'deleted', ...this.#freshToken() });
  }

  removeAll(topicArn: string): void {
    for (const { subscription } of this.#in(topicArn)) this.#delete(subscription);
  }

  /** Who does not confirm in time has no subscription. */
  #isListed(subscription: Subscription): boolean {
    return (
      subscription.state === 'confirmed' ||
      (subscription.state === 'pending' && this.#isTokenValid(subscription))
    );
  }

  #isTokenValid({ tokenAt = 0 }: Subscription): boolean {
    return this.#clock.now() - tokenAt <= TOKEN_LIFE_MS;
  }

  #in(topicArn: string): Entry[] {
    return [...(this.#byTopic.get(topicArn)?.values() ?? [])];
  }

  #same({ topicArn, protocol, endpoint }: Subscription): Subscription | undefined {
    return this.of(topicArn).find((other) => other.protocol === protocol && other.endpoint === endpoint);
  }

  #checked({ topic, endpoint, principal, ...request }: Subscribe): Subscription {
    const protocol = protocolOf(request.protocol);
    checkEndpoint(topic, protocol, endpoint);
    const target = { topicArn: topic.arn, protocol, endpoint };
    // The filter is read in its scope, whatever the order in which both were given.
    const ordered = Object.entries(request.attributes).sort(([a], [b]) => b.localeCompare(a));
    const attributes = ordered.reduce<Subscription['attributes']>(
      (known, attribute) => withAttribute(target, known, attribute, 'Attributes Reason: '),
      {},
    );
    const isConfirmed = !protocol.startsWith('http');
    return {
      ...target,
      arn: `${topic.arn}:${randomUUID()}`,
      attributes,
      state: isConfirmed ? 'confirmed' : 'pending',
      authenticated: isConfirmed,
      authenticateOnUnsubscribe: false,
      principal,
      ...(isConfirmed ? {} : this.#freshToken()),
    };
  }

  #freshToken(): { token: string; tokenAt: number } {
    return { token: randomBytes(128).toString('hex'), tokenAt: this.#clock.now() };
  }

  #put(subscription: Subscription): Subscription {
    this.#store.putSubscription(subscription);
    return this.#admit(subscription);
  }

  #admit(subscription: Subscription): Subscription {
    const entry = { subscription, filter: filterOf(subscription.attributes) };
    this.#entries.set(subscription.arn, entry);
    const siblings = this.#byTopic.get(subscription.topicArn) ?? new Map<string, Entry>();
    this.#byTopic.set(subscription.topicArn, siblings.set(subscription.arn, entry));
    return subscription;
  }

  #delete({ arn, topicArn }: Subscription): void {
    this.#entries.delete(arn);
    this.#byTopic.get(topicArn)?.delete(arn);
    this.#store.deleteSubscription(arn);
  }
}

const BY_DEFAULT: ReadonlyMap<string, string> = new Map([
  ['RawMessageDelivery', 'false'],
  ['FilterPolicyScope', 'MessageAttributes'],
]);

const currentValue = ({ attributes }: Subscription, name: string): string | undefined =>
  attributes[name] ?? BY_DEFAULT.get(name);
