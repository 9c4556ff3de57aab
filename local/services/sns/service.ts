import type { Foundation } from '../../cloud.ts';
import type { Caller, Functions, Publication, Queues, Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import { Engine } from './engine.ts';
import { SnsProtocol } from './protocol.ts';
import { checkPublication } from './publication.ts';

export interface SnsPorts {
  readonly queues: Queues;
  readonly functions: Functions;
}

/** A topic as it should be; `attributes` are those of CreateTopic, by their AWS names. */
export interface TopicSpec {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A subscription as it should be; `attributes` are those of Subscribe, by their AWS names. */
export interface SubscriptionSpec {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Amazon SNS: topics, subscriptions, and the delivery of every published message to each of them.
 * All methods resolve when what they did would survive a crash; all throw AwsError as the API does.
 */
export class Sns implements Topics {
  readonly protocol: Protocol;
  readonly #engine: Engine;

  constructor(foundation: Foundation, ports: SnsPorts) {
    this.#engine = new Engine(foundation, ports);
    this.protocol = new SnsProtocol(this.#engine);
  }

  /** Makes sure that the topic exists with exactly these attributes. */
  async createTopic({ name, attributes = {}, tags = {} }: TopicSpec): Promise<{ readonly topicArn: string }> {
    const { arn, fifo } = this.#engine.topics.ensure(name, attributes, tags);
    // The first message shall not wait for the key that signs it.
    if (!fifo) this.#engine.signer.prepare().catch(() => undefined);
    await this.#engine.store.committed();
    return { topicArn: arn };
  }

  /** Makes sure that the subscription exists with exactly these attributes. */
  async subscribe(spec: SubscriptionSpec): Promise<{ readonly subscriptionArn: string }> {
    const { foundation, topics, subscriptions, store } = this.#engine;
    const { subscription, isNew } = subscriptions.ensure({
      topic: topics.get(spec.topicArn),
      protocol: spec.protocol,
      endpoint: spec.endpoint,
      attributes: spec.attributes ?? {},
      principal: `arn:aws:iam::${foundation.account}:root`,
    });
    if (isNew && subscription.state === 'pending')
      this.#engine.notify(subscription, 'SubscriptionConfirmation');
    await store.committed();
    return { subscriptionArn: subscription.arn };
  }

  /** `AWS::SNS::TopicPolicy`: replaces the topic's policy, by which IAM then decides. */
  async setPolicy(topicArn: string, policy: unknown): Promise<void> {
    const { topics, store } = this.#engine;
    topics.setAttribute(topics.get(topicArn), 'Policy', JSON.stringify(policy));
    await store.committed();
  }

  async publish(
    topicArn: string,
    publication: Publication,
    caller: Caller,
  ): Promise<{ readonly messageId: string; readonly sequenceNumber?: string }> {
    const { foundation, topics, publisher, store } = this.#engine;
    foundation.iam.authorize(caller, 'sns:Publish', topicArn);
    const topic = topics.get(topicArn);
    checkPublication(topic, publication);
    const { header: traceHeader } = foundation.trace;
    const traced = { ...publication, ...(traceHeader !== undefined && { traceHeader }) };
    const published = publisher.publish(topic, traced);
    await store.committed();
    return published;
  }

  /** The certificate of the key that signs notifications, as PEM: `SigningCertURL` leads to it. */
  certificatePem(): Promise<string> {
    return this.#engine.signer.certificate();
  }

  /** Delivers what a previous run acknowledged and did not deliver; to be called once everything is deployed. */
  start(): void {
    this.#engine.deliveries.start();
  }

  /** Stops delivering; what is on its way is delivered at the next start. */
  async close(): Promise<void> {
    this.#engine.deliveries.close();
  }
}
