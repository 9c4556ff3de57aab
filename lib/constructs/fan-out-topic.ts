import { Validations } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { type FilterOrPolicy, type SubscriptionFilter, Topic, type TopicProps } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

export interface FanOutTopicProps extends AlarmOptions {
  /**
   * Anything else that `aws-sns.Topic` takes. What is given here wins.
   * @default - nothing
   */
  readonly topicProps?: TopicProps;
}

/** A queue that can subscribe: `WorkQueue` and `OrderedQueue` are. */
export interface Subscriber extends IConstruct {
  readonly queue: Queue;
}

export interface SubscribeOptions {
  /**
   * Which messages the subscriber gets, by their message attributes.
   * @default - all
   */
  readonly filter?: Readonly<Record<string, SubscriptionFilter>>;
  /**
   * Which messages the subscriber gets, by their body, which must be JSON.
   * @default - all
   */
  readonly bodyFilter?: Readonly<Record<string, FilterOrPolicy>>;
  /**
   * Whether the queue gets the message as it was published, instead of an SNS envelope with the message inside.
   * The consumer's parser has to expect the same.
   * @default false
   */
  readonly raw?: boolean;
}

/**
 * A topic that gives each of its subscribers a copy of every message.
 *
 * What it adds to `aws-sns.Topic`, and why:
 * - a dead-letter queue for each subscription: without it a copy that cannot be delivered is gone;
 * - alarms on deliveries that fail, and on those that could not even be kept as a dead letter;
 * - TLS-only access and encryption.
 *
 * @example
 * const events = new FanOutTopic(this, 'JobEvents');
 * events.publishFrom(worker, 'JOB_EVENTS_TOPIC_ARN');
 * events.subscribe(audits, { raw: true });
 */
export class FanOutTopic extends Construct {
  readonly topic: Topic;
  private readonly alarms: AlarmOptions;

  constructor(scope: Construct, id: string, props: FanOutTopicProps = {}) {
    super(scope, id);
    this.alarms = props;
    this.topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      // The key that AWS manages for SNS: those who may publish need no grant on it.
      masterKey: Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
      ...props.topicProps,
    });
    this.watch();
  }

  /** Lets `fn` publish, and tells it where. */
  publishFrom(fn: ServiceFunction, variable: string): void {
    fn.bind(variable, this.topic.topicArn, { actions: ['sns:Publish'], resources: [this.topic.topicArn] });
  }

  /**
   * Gives `subscriber` its own copy of every message that passes the filter.
   * Answers the queue of the copies that could not be delivered.
   *
   * @throws Error when both filters are given: a subscription has one filter scope
   */
  subscribe(
    subscriber: Subscriber,
    { filter, bodyFilter, raw = false }: SubscribeOptions = {},
  ): DeadLetterQueue {
    if (filter && bodyFilter) throw new Error(`${subscriber.node.path}: give either filter or bodyFilter`);
    const undelivered = new DeadLetterQueue(subscriber, `${this.node.id}Undelivered`, {
      ...this.alarms,
      fifo: this.topic.fifo && subscriber.queue.fifo,
    });
    Validations.of(undelivered.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of a subscription, where the rule does not look',
    });
    this.topic.addSubscription(
      new SqsSubscription(subscriber.queue, {
        rawMessageDelivery: raw,
        deadLetterQueue: undelivered.queue,
        ...(filter && { filterPolicy: { ...filter } }),
        ...(bodyFilter && { filterPolicyWithMessageBody: { ...bodyFilter } }),
      }),
    );
    return undelivered;
  }

  private watch(): void {
    alarm(
      this,
      'FailedAlarm',
      {
        metric: this.topic.metricNumberOfNotificationsFailed({ period: everyMinute }),
        atLeast: 1,
        description: `${this.node.path}: copies could not be delivered to a subscriber`,
        runbook: 'topic-failed',
      },
      this.alarms,
    );
    alarm(
      this,
      'LostAlarm',
      {
        metric: this.topic.metric('NumberOfNotificationsFailedToRedriveToDlq', {
          period: everyMinute,
          statistic: 'Sum',
        }),
        atLeast: 1,
        description: `${this.node.path}: copies were lost: neither delivered nor kept as dead letters`,
        runbook: 'topic-lost',
      },
      this.alarms,
    );
  }
}
