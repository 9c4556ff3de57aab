import { createHash, randomUUID } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import { cloudEventIds } from '../../cloud-event-ids.ts';
import type { Deliveries } from './deliveries.ts';
import { toNotificationAttributes } from './message-attributes.ts';
import type { Notification, Subscription, Topic } from './model.ts';
import { Offered } from './offered.ts';
import { type Publishing, publicationSize, structured } from './publication.ts';
import type { SnsStore } from './store.ts';
import type { SubscriptionRegistry } from './subscriptions.ts';

export interface Published {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

const DEDUPLICATION_WINDOW_MS = 5 * 60 * 1000;
/** Sequence numbers have 20 digits and start beyond what fits a number. */
const FIRST_SEQUENCE = 10_000_000_000_000_000_000n;

/** Takes messages, tells duplicates, chooses the subscribers, and hands each its copy. */
export class Publisher {
  readonly #foundation: Foundation;
  readonly #store: SnsStore;
  readonly #subscriptions: SubscriptionRegistry;
  readonly #deliveries: Deliveries;

  constructor(
    foundation: Foundation,
    store: SnsStore,
    parties: { subscriptions: SubscriptionRegistry; deliveries: Deliveries },
  ) {
    this.#foundation = foundation;
    this.#store = store;
    this.#subscriptions = parties.subscriptions;
    this.#deliveries = parties.deliveries;
  }

  /** Takes a publication that `checkPublication` let pass; await `committed` before acknowledging it. */
  publish(topic: Topic, publication: Publishing): Published {
    const notification = this.#notification(topic, publication);
    const key = duplicateKey(topic, notification);
    if (key !== undefined) {
      const first = this.#store.duplicate(topic.arn, key, this.#foundation.clock.now());
      if (first) return first;
    }
    const numbered = topic.fifo
      ? { ...notification, sequenceNumber: this.#sequenceNumber(topic) }
      : notification;
    if (key !== undefined)
      this.#store.remember(topic.arn, key, numbered, numbered.timestamp + DEDUPLICATION_WINDOW_MS);
    this.#observe(topic, publication, numbered);
    this.#deliveries.add(numbered, this.#receivers(topic, numbered));
    const { messageId, sequenceNumber } = numbered;
    return sequenceNumber === undefined ? { messageId } : { messageId, sequenceNumber };
  }

  #notification(topic: Topic, publication: Publishing): Notification {
    const { message, subject, groupId, attributes = {}, isStructured, traceHeader } = publication;
    const texts = isStructured ? structured(message) : undefined;
    const deduplicationId =
      publication.deduplicationId ??
      (topic.fifo ? createHash('sha256').update(message).digest('hex') : undefined);
    return {
      type: 'Notification',
      messageId: randomUUID(),
      topicArn: topic.arn,
      message: texts?.default ?? message,
      timestamp: this.#foundation.clock.now(),
      attributes: toNotificationAttributes(attributes),
      signatureVersion: topic.attributes.SignatureVersion === '2' ? '2' : '1',
      ...(texts ? { perProtocol: texts.perProtocol } : {}),
      ...(subject === undefined ? {} : { subject }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
      ...(traceHeader === undefined ? {} : { traceHeader }),
    };
  }

  #sequenceNumber({ arn }: Topic): string {
    return String(FIRST_SEQUENCE + BigInt(this.#store.nextSequence(arn)));
  }

  #receivers(topic: Topic, notification: Notification): readonly Subscription[] {
    const offered = new Offered(notification);
    return this.#subscriptions.receivers(topic.arn).flatMap(({ subscription, filter }) => {
      const refusal = filter && offered.refusal(filter, subscription);
      if (refusal === undefined) return [subscription];
      for (const metric of [
        'NumberOfNotificationsFilteredOut',
        `NumberOfNotificationsFilteredOut-${refusal}`,
      ])
        this.#foundation.metrics.record('AWS/SNS', metric, { TopicName: topic.name }, 1);
      return [];
    });
  }

  #observe(topic: Topic, publication: Publishing, { messageId, sequenceNumber }: Notification): void {
    const { clock, metrics, trace } = this.#foundation;
    metrics.record('AWS/SNS', 'NumberOfMessagesPublished', { TopicName: topic.name }, 1);
    metrics.record('AWS/SNS', 'PublishSize', { TopicName: topic.name }, publicationSize(publication));
    const ids = {
      messageId,
      ...(sequenceNumber !== undefined && { sequenceNumber }),
      bytes: publicationSize(publication),
      ...cloudEventIds(publication.message),
    };
    trace.record({ at: clock.now(), service: 'sns', action: 'Publish', resource: topic.arn, ids });
  }
}

/** "Message deduplication for Amazon SNS FIFO topics": within the whole topic, or within each message group. */
const duplicateKey = (topic: Topic, { groupId, deduplicationId }: Notification): string | undefined => {
  if (!topic.fifo || deduplicationId === undefined) return undefined;
  return topic.attributes.FifoThroughputScope === 'MessageGroup'
    ? JSON.stringify([groupId, deduplicationId])
    : deduplicationId;
};
