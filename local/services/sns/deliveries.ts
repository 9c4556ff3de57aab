import type { Foundation } from '../../cloud.ts';
import { effectiveSubscriptionPolicy, httpRetryDelay, managedRetryDelay } from './delivery-policy.ts';
import { isFifoTopic, type Notification, type Subscription, topicName } from './model.ts';
import type { DeliveryRecord, SnsStore } from './store.ts';
import { deadLetterArn } from './subscription-attributes.ts';
import type { SubscriptionRegistry } from './subscriptions.ts';
import type { TopicRegistry } from './topics.ts';
import { DeliveryError, type Transports } from './transports.ts';

interface Delivery extends DeliveryRecord {
  readonly notification: Notification;
}

/**
 * Every copy of a message that a subscriber has not got yet: written with the acknowledgement of its publisher,
 * taken away when it has arrived, has been put into a dead-letter queue, or is given up.
 *
 * A copy knows nothing of the others, so that a dead subscriber harms nobody; only within a message group of a
 * FIFO topic does a copy wait for the one before it on the way to the same subscriber.
 */
export class Deliveries {
  readonly #foundation: Foundation;
  readonly #store: SnsStore;
  readonly #topics: TopicRegistry;
  readonly #subscriptions: SubscriptionRegistry;
  readonly #transports: Transports;
  /** How many copies of a message are still on their way. */
  readonly #open = new Map<string, number>();
  readonly #groups = new Map<string, Delivery[]>();
  /** When a throttled endpoint may be called next. */
  readonly #nextCall = new Map<string, number>();
  #lastId = 0;
  #unstarted: Delivery[];
  #isClosed = false;

  constructor(
    foundation: Foundation,
    store: SnsStore,
    parties: { topics: TopicRegistry; subscriptions: SubscriptionRegistry; transports: Transports },
  ) {
    this.#foundation = foundation;
    this.#store = store;
    this.#topics = parties.topics;
    this.#subscriptions = parties.subscriptions;
    this.#transports = parties.transports;
    // Also before the start nothing overtakes what is left in its group.
    this.#unstarted = this.#load().filter((delivery) => this.#isNext(delivery));
  }

  /** Journals one copy for each of the subscriptions, in the transaction of this turn, and sets out with all. */
  add(notification: Notification, subscriptions: readonly Subscription[]): void {
    if (subscriptions.length === 0) return;
    this.#store.putNotification(notification);
    this.#open.set(notification.messageId, subscriptions.length);
    const deliveries = subscriptions.map(({ arn }): Delivery => {
      this.#lastId += 1;
      return {
        id: this.#lastId,
        messageId: notification.messageId,
        subscriptionArn: arn,
        step: 'endpoint',
        attempts: 0,
        dueAt: this.#foundation.clock.now(),
        notification,
      };
    });
    for (const delivery of deliveries) this.#store.putDelivery(delivery);
    for (const delivery of deliveries.filter((added) => this.#isNext(added))) this.#schedule(delivery);
  }

  /** Goes on with what a previous run has left. */
  start(): void {
    const unstarted = this.#unstarted;
    this.#unstarted = [];
    for (const delivery of unstarted) this.#schedule(delivery);
  }

  close(): void {
    this.#isClosed = true;
  }

  #load(): Delivery[] {
    const notifications = new Map(this.#store.notifications().map((item) => [item.messageId, item]));
    const records = this.#store.deliveries();
    this.#lastId = records.at(-1)?.id ?? 0;
    return records.flatMap((record) => {
      const notification = notifications.get(record.messageId);
      if (!notification) return [];
      this.#open.set(record.messageId, (this.#open.get(record.messageId) ?? 0) + 1);
      return [{ ...record, notification }];
    });
  }

  /** Takes its place in its group, if it has one. */
  #isNext(delivery: Delivery): boolean {
    const key = groupKey(delivery);
    if (key === undefined) return true;
    const group = this.#groups.get(key);
    if (!group) this.#groups.set(key, [delivery]);
    else group.push(delivery);
    return group === undefined;
  }

  #schedule(delivery: Delivery): void {
    const { clock } = this.#foundation;
    const wait = Math.max(delivery.dueAt - clock.now(), this.#throttle(delivery));
    if (delivery.attempts === 0 && wait <= 0) void this.#attempt(delivery);
    else clock.after(wait, () => void this.#attempt(delivery));
  }

  /** `throttlePolicy.maxReceivesPerSecond`: milliseconds until this call's turn. */
  #throttle(delivery: Delivery): number {
    const subscription = this.#subscriptions.find(delivery.subscriptionArn);
    if (!subscription?.attributes.DeliveryPolicy || delivery.step === 'dead-letter') return 0;
    if (delivery.notification.type !== 'Notification') return 0;
    const policy = effectiveSubscriptionPolicy(subscription, this.#topics.find(subscription.topicArn));
    if (!policy.throttlePolicy) return 0;
    const now = this.#foundation.clock.now();
    const turn = Math.max(now, this.#nextCall.get(subscription.arn) ?? 0);
    this.#nextCall.set(subscription.arn, turn + 1000 / policy.throttlePolicy.maxReceivesPerSecond);
    return turn - now;
  }

  async #attempt(delivery: Delivery): Promise<void> {
    if (this.#isClosed) return;
    const subscription = this.#subscriptions.find(delivery.subscriptionArn);
    if (!subscription) {
      this.#dropped(delivery);
      return;
    }
    const { messageId, traceHeader } = delivery.notification;
    const scope = { header: traceHeader, ids: { cause: messageId } };
    try {
      await this.#foundation.trace.within(scope, () =>
        delivery.step === 'endpoint'
          ? this.#toEndpoint(delivery, subscription)
          : this.#toDeadLetters(delivery, subscription),
      );
    } catch (error) {
      if (this.#isClosed) return;
      const failure = error instanceof DeliveryError ? error : new DeliveryError(String(error), false);
      this.#failed(delivery, subscription, failure);
      return;
    }
    if (this.#isClosed) return;
    const delivered =
      delivery.step === 'endpoint' ? 'NumberOfNotificationsDelivered' : 'NumberOfNotificationsRedrivenToDlq';
    this.#count(delivery, delivered);
    this.#record(delivery, delivery.step === 'endpoint' ? 'Deliver' : 'DeadLetter', subscription);
    this.#finish(delivery);
  }

  #toEndpoint({ notification }: Delivery, subscription: Subscription): Promise<void> {
    const { headerContentType } = this.#policy(subscription).requestPolicy;
    return this.#transports.deliver(notification, subscription, { contentType: headerContentType });
  }

  async #toDeadLetters({ notification }: Delivery, subscription: Subscription): Promise<void> {
    const queueArn = deadLetterArn(subscription);
    if (queueArn === undefined) throw new DeliveryError('the redrive policy was taken away', true);
    await this.#transports.toQueue(queueArn, notification, subscription);
  }

  #failed(delivery: Delivery, subscription: Subscription, failure: DeliveryError): void {
    const now = this.#foundation.clock.now();
    const attempts = delivery.attempts + 1;
    this.#record(delivery, 'DeliveryFailed', subscription, failure.message);
    const delay = failure.permanent ? undefined : this.#retryDelay(delivery.step, subscription, attempts);
    const isDeadLetter = delivery.step === 'dead-letter';
    if (delay !== undefined) {
      this.#again({ ...delivery, attempts, dueAt: now + delay });
      return;
    }
    this.#count(
      delivery,
      isDeadLetter ? 'NumberOfNotificationsFailedToRedriveToDlq' : 'NumberOfNotificationsFailed',
    );
    const canRedrive =
      delivery.notification.type === 'Notification' && deadLetterArn(subscription) !== undefined;
    if (isDeadLetter || !canRedrive) this.#finish(delivery);
    else this.#again({ ...delivery, step: 'dead-letter', attempts: 0, dueAt: now });
  }

  #retryDelay(step: Delivery['step'], subscription: Subscription, retry: number): number | undefined {
    if (step === 'dead-letter' || !subscription.protocol.startsWith('http')) return managedRetryDelay(retry);
    return httpRetryDelay(this.#policy(subscription).healthyRetryPolicy, retry);
  }

  #policy(subscription: Subscription) {
    return effectiveSubscriptionPolicy(subscription, this.#topics.find(subscription.topicArn));
  }

  #again(delivery: Delivery): void {
    this.#store.putDelivery(delivery);
    const group = this.#groups.get(groupKey(delivery) ?? '');
    group?.splice(0, 1, delivery);
    this.#schedule(delivery);
  }

  #finish(delivery: Delivery): void {
    const { id, messageId } = delivery;
    this.#store.deleteDelivery(id);
    const open = (this.#open.get(messageId) ?? 1) - 1;
    if (open > 0) this.#open.set(messageId, open);
    else {
      this.#open.delete(messageId);
      this.#store.deleteNotification(messageId);
    }
    this.#next(groupKey(delivery));
  }

  #next(key: string | undefined): void {
    if (key === undefined) return;
    const group = this.#groups.get(key);
    group?.shift();
    const [next] = group ?? [];
    if (next) this.#schedule(next);
    else this.#groups.delete(key);
  }

  /** Its subscription has ended since: nobody is left to deliver it to. */
  #dropped(delivery: Delivery): void {
    const { clock, trace } = this.#foundation;
    const { messageId, subscriptionArn } = delivery;
    trace.record({
      at: clock.now(),
      service: 'sns',
      action: 'Drop',
      resource: subscriptionArn,
      ids: { messageId },
    });
    this.#finish(delivery);
  }

  #count({ notification }: Delivery, metric: string): void {
    if (notification.type !== 'Notification') return;
    this.#foundation.metrics.record('AWS/SNS', metric, { TopicName: topicName(notification.topicArn) }, 1);
  }

  #record(delivery: Delivery, action: string, subscription: Subscription, cause?: string): void {
    const { clock, trace } = this.#foundation;
    const { messageId, topicArn } = delivery.notification;
    const resource = action === 'DeadLetter' ? (deadLetterArn(subscription) ?? '') : subscription.endpoint;
    const ids = {
      messageId,
      topicArn,
      subscriptionArn: subscription.arn,
      protocol: subscription.protocol,
      bytes: Buffer.byteLength(delivery.notification.message),
      attempt: delivery.attempts + 1,
      ...(cause === undefined ? {} : { cause }),
    };
    trace.record({ at: clock.now(), service: 'sns', action, resource, ids });
  }
}

const groupKey = ({ notification, subscriptionArn }: Delivery): string | undefined =>
  isFifoTopic(notification.topicArn) && notification.groupId !== undefined
    ? `${subscriptionArn} ${notification.groupId}`
    : undefined;
