import { Duration, Lazy } from 'aws-cdk-lib';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { DeadLetterQueue, deadLetterRetention } from './dead-letter-queue.ts';
import { ownAccountOnly } from './queue-access.ts';
import { consumeQueue, type QueueConsumerOptions, visibilityFor } from './queue-consumer.ts';
import type { ServiceFunction } from './service-function.ts';

export interface OrderedQueueProps extends AlarmOptions {
  /**
   * How long a message waits before it is lost: shorter than the 14 days of the dead-letter queue.
   * @default 4 days
   */
  readonly retention?: Duration;
  /**
   * How often a message is handed out before its group goes on without it.
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * Whether messages of equal content are duplicates. Otherwise each message has to carry a deduplication id.
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * An alarm goes off when a message has waited this long.
   * @default 15 minutes
   */
  readonly maxAge?: Duration;
  /**
   * Anything else that `aws-sqs.Queue` takes. What is given here wins.
   * @default - nothing
   */
  readonly queueProps?: Omit<
    QueueProps,
    'fifo' | 'deadLetterQueue' | 'retentionPeriod' | 'visibilityTimeout'
  >;
}

/**
 * A queue that keeps the order of the messages of each group, and drops duplicates for five minutes.
 *
 * What it adds to a FIFO `aws-sqs.Queue`, and why:
 * - high throughput: order and deduplication per group, so that groups do not slow each other down;
 * - a FIFO dead-letter queue, with a longer retention;
 * - one message at a time from each group: what follows a poisoned message in its batch would be received as often as
 *   that, and end among the dead letters with it;
 * - partial batch failures: the consumer of a larger batch stops at the first failure of a group and reports the rest of
 *   that group as failed, so that nothing overtakes;
 * - a visibility timeout of six times the consumer's, TLS-only and own-account-only access, encryption, alarms.
 *
 * @example
 * const edits = new OrderedQueue(this, 'Edits');
 * edits.sendFrom(api, 'EDITS_QUEUE_URL');
 * edits.consumeWith(editor);
 */
export class OrderedQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  private visibilitySeconds: number | undefined;

  constructor(scope: Construct, id: string, props: OrderedQueueProps = {}) {
    super(scope, id);
    const retention = props.retention ?? Duration.days(4);
    if (retention.toSeconds() >= deadLetterRetention.toSeconds()) {
      throw new Error(
        `${this.node.path}: retention has to be shorter than the 14 days of the dead-letter queue`,
      );
    }
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { ...props, fifo: true });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      contentBasedDeduplication: props.contentBasedDeduplication ?? false,
      ...props.queueProps,
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      retentionPeriod: retention,
      visibilityTimeout: Duration.seconds(Lazy.number({ produce: () => this.visibilitySeconds ?? 30 })),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: props.maxReceiveCount ?? 5 },
    });
    ownAccountOnly(this.queue);
    const maxAge = props.maxAge ?? Duration.minutes(15);
    alarm(
      this,
      'AgeAlarm',
      {
        metric: this.queue.metricApproximateAgeOfOldestMessage({ period: everyMinute, statistic: 'Maximum' }),
        atLeast: maxAge.toSeconds(),
        description: `${this.node.path}: messages wait longer than ${maxAge.toHumanString()}`,
        runbook: 'queue-age',
      },
      props,
    );
  }

  /** Lets `fn` send, and tells it where. */
  sendFrom(fn: ServiceFunction, variable: string): void {
    fn.bind(variable, this.queue.queueUrl, {
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
    });
  }

  /**
   * Lets its consumer put a message off by `ChangeMessageVisibility`, and tells it the queue: a message that has failed
   * otherwise comes again when the visibility timeout is over. Its group waits with it.
   */
  postponeFrom(fn: ServiceFunction, variable: string): void {
    fn.bind(variable, this.queue.queueUrl, {
      actions: ['sqs:ChangeMessageVisibility'],
      resources: [this.queue.queueArn],
    });
  }

  /**
   * Hands the messages to `fn`, those of one group one batch at a time. A batch has one message unless `batchSize` says
   * otherwise: larger ones are cheaper, but a message that fails takes those behind it in the batch to the dead letters.
   *
   * @throws Error when the queue has a consumer already, or the batch is larger than the 10 that FIFO queues allow
   */
  consumeWith(
    fn: ServiceFunction,
    { batchSize = 1, ...options }: QueueConsumerOptions = {},
  ): EventSourceMapping {
    if (this.visibilitySeconds !== undefined)
      throw new Error(`${this.node.path}: the queue has a consumer already`);
    if (batchSize > 10) throw new Error(`${this.node.path}: batchSize is more than 10 on a FIFO queue`);
    this.visibilitySeconds = visibilityFor(fn.timeout);
    return consumeQueue(this.queue, this.node.id, fn, { ...options, batchSize });
  }
}
