import { randomUUID } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import type { Call } from '../service.ts';
import { Deliveries } from './deliveries.ts';
import { Envelopes } from './envelope.ts';
import { invalidParameter } from './errors.ts';
import type { Notification, Subscription } from './model.ts';
import { Publisher } from './publishing.ts';
import type { Query } from './query.ts';
import type { SnsPorts } from './service.ts';
import { Signer } from './signer.ts';
import { SnsStore } from './store.ts';
import { SubscriptionRegistry } from './subscriptions.ts';
import { TopicRegistry } from './topics.ts';
import { Transports } from './transports.ts';
import type { XmlStructure } from './xml.ts';

/** A request of the API; `traceHeader` is its `X-Amzn-Trace-Id`, which travels with what it publishes. */
export interface SnsCall extends Call {
  readonly traceHeader?: string;
}

/** One operation of the API: it authorizes its caller, acts, and gives the members of its result, if it has one. */
export type Operation = (engine: Engine, query: Query, call: SnsCall) => XmlStructure | undefined;

/** The parts of the service, joined. */
export class Engine {
  readonly foundation: Foundation;
  readonly store: SnsStore;
  readonly signer: Signer;
  readonly topics: TopicRegistry;
  readonly subscriptions: SubscriptionRegistry;
  readonly deliveries: Deliveries;
  readonly publisher: Publisher;

  constructor(foundation: Foundation, ports: SnsPorts) {
    this.foundation = foundation;
    this.store = new SnsStore(foundation.store);
    this.signer = new Signer(this.store);
    this.topics = new TopicRegistry(foundation, this.store);
    this.subscriptions = new SubscriptionRegistry(this.store, foundation.clock);
    const transports = new Transports(
      ports,
      new Envelopes(foundation.endpoint, this.signer),
      foundation.clock,
    );
    this.deliveries = new Deliveries(foundation, this.store, { ...this, transports });
    this.publisher = new Publisher(foundation, this.store, this);
  }

  /** Asks a web server to confirm its subscription, or tells it that the subscription has ended. */
  notify(subscription: Subscription, type: Exclude<Notification['type'], 'Notification'>): void {
    const { topicArn, token, arn } = subscription;
    if (token === undefined) throw invalidParameter('Token');
    const asked = `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription`;
    const ended = `You have chosen to deactivate subscription ${arn}.\nTo cancel this operation and restore the subscription`;
    const notification: Notification = {
      type,
      messageId: randomUUID(),
      topicArn,
      token,
      message: `${type === 'SubscriptionConfirmation' ? asked : ended}, visit the SubscribeURL included in this message.`,
      timestamp: this.foundation.clock.now(),
      attributes: {},
      signatureVersion: this.topics.find(topicArn)?.attributes.SignatureVersion === '2' ? '2' : '1',
    };
    this.deliveries.add(notification, [subscription]);
  }
}
