import type { Foundation } from '../../cloud.ts';
import type { Caller, Functions, Publication, Queues, Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';

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

/** Amazon SNS: topics, subscriptions, and the delivery of every published message to each of them. */
export class Sns implements Topics {
  readonly protocol: Protocol;

  constructor(_foundation: Foundation, _ports: SnsPorts) {
    this.protocol = { handle: async () => undefined };
  }

  /** Makes sure that the topic exists with exactly these attributes. */
  async createTopic(_spec: TopicSpec): Promise<{ readonly topicArn: string }> {
    throw new Error('not ready');
  }

  /** Makes sure that the subscription exists with exactly these attributes. */
  async subscribe(_spec: SubscriptionSpec): Promise<{ readonly subscriptionArn: string }> {
    throw new Error('not ready');
  }

  async publish(
    _topicArn: string,
    _publication: Publication,
    _caller: Caller,
  ): Promise<{ readonly messageId: string }> {
    throw new Error('not ready');
  }

  /** The certificate of the key that signs notifications, as PEM: `SigningCertURL` leads to it. */
  certificatePem(): Promise<string> {
    throw new Error('not ready');
  }

  /** Delivers what a previous run acknowledged and did not deliver; called once everything is deployed. */
  start(): void {}

  async close(): Promise<void> {}
}
