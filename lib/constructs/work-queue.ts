import { Duration, Lazy } from 'aws-cdk-lib';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { DeadLetterQueue, deadLetterRetention } from './dead-letter-queue.ts';
import { ownAccountOnly } from './queue-access.ts';
import { consumeQueue, type QueueConsumerOptions, visibilityFor } from './queue-consumer.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkQueueProps extends AlarmOptions {
  /**
   * How long a message waits before it is lost: up to, not including, the 14 days of the dead-letter queue.
   * @default 4 days
   */
  readonly retention?: Duration;
  /**
   * How often a message is handed out before it counts as undeliverable.
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * An alarm goes off when a message has waited this long.
   * @default 15 minutes
   */
  readonly maxAge?: Duration;
  /**
   * An alarm goes off when this many messages wait.
   * @default - no alarm on the backlog
   */
  readonly maxBacklog?: number;
  /**
   * Where messages go that cannot be handled.
   * @default - a queue of its own
   */
  readonly existingDeadLetters?: DeadLetterQueue;
  /**
   * Anything else that `aws-sqs.Queue` takes. What is given here wins.
   * @default - nothing
   */
  readonly queueProps?: Omit<
    QueueProps,
    'fifo' | 'deadLetterQueue' | 'retentionPeriod' | 'visibilityTimeout'
  >;
}

export interface WorkConsumerOptions extends QueueConsumerOptions {
  /**
   * How long messages are gathered before an invocation: up to 300 seconds.
   * @default - not at all
   */
  readonly maxBatchingWindow?: Duration;
}

/**
 * A queue whose messages are each handled by exactly one of its workers.
 *
 * What it adds to `aws-sqs.Queue`, and why:
 * - a dead-letter queue that keeps messages longer than the source, so that nothing expires unseen;
 * - a visibility timeout of six times the consumer's (AWS Lambda guide, "Configuring a queue for use with Lambda");
 * - partial batch failures, so that one bad message does not repeat its neighbours;
 * - TLS-only, own-account-only access, encryption; alarms on the age of the oldest message and on the dead letters.
 *
 * @example
 * const jobs = new WorkQueue(this, 'Jobs');
 * jobs.sendFrom(api, 'JOBS_QUEUE_URL');
 * jobs.consumeWith(worker, { maxConcurrency: 10 });
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  private readonly retention: Duration;
  private readonly maxReceiveCount: number;
  private readonly alarms: AlarmOptions;
  private visibilitySeconds: number | undefined;
  private exhausted: WorkQueue | undefined;

  constructor(scope: Construct, id: string, props: WorkQueueProps = {}) {
    super(scope, id);
    this.retention = props.retention ?? Duration.days(4);
    this.maxReceiveCount = props.maxReceiveCount ?? 5;
    this.alarms = props;
    this.checkProps();
    this.deadLetters = props.existingDeadLetters ?? new DeadLetterQueue(this, 'DeadLetters', props);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...props.queueProps,
      retentionPeriod: this.retention,
      visibilityTimeout: Duration.seconds(Lazy.number({ produce: () => this.visibilitySeconds ?? 30 })),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: this.maxReceiveCount },
    });
    ownAccountOnly(this.queue);
    this.watch(props);
  }

  /** Lets `fn` send, and tells it where: one call, so that neither is forgotten. */
  sendFrom(fn: ServiceFunction, variable: string): void {
    fn.bind(variable, this.queue.queueUrl, {
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
    });
  }

  /**
   * Hands the messages to `fn`, and hides each for as long as `fn` may need.
   *
   * @throws Error when the queue has a consumer already: two functions on one queue would share its messages by chance
   */
  consumeWith(fn: ServiceFunction, options: WorkConsumerOptions = {}): EventSourceMapping {
    if (this.visibilitySeconds !== undefined)
      throw new Error(`${this.node.path}: the queue has a consumer already`);
    this.visibilitySeconds = visibilityFor(fn.timeout, options.maxBatchingWindow);
    return consumeQueue(this.queue, this.node.id, fn, options);
  }

  /**
   * Gives `fn` each message that was received too often, before it becomes a dead letter.
   *
   * Such a message goes to a queue in between. `fn` draws the consequence, and forwards the message to the dead
   * letters, whose URL it gets in `variable`. If `fn` fails too, the message still ends among the dead letters.
   *
   * @throws Error when it was called before
   */
  onExhausted(fn: ServiceFunction, variable: string): WorkQueue {
    if (this.exhausted) throw new Error(`${this.node.path}: exhausted messages have a consumer already`);
    // A message keeps its age when it moves: each queue on its way has to keep it longer than the one before.
    const retention = Duration.seconds((this.retention.toSeconds() + deadLetterRetention.toSeconds()) / 2);
    this.exhausted = new WorkQueue(this, 'Exhausted', {
      ...this.alarms,
      retention,
      existingDeadLetters: this.deadLetters,
    });
    this.exhausted.consumeWith(fn);
    this.redriveTo(this.exhausted.queue);
    const { queueUrl, queueArn } = this.deadLetters.queue;
    fn.bind(variable, queueUrl, { actions: ['sqs:SendMessage'], resources: [queueArn] });
    return this.exhausted;
  }

  private redriveTo(target: Queue): void {
    const resource = this.queue.node.defaultChild;
    if (!(resource instanceof CfnQueue)) throw new Error(`${this.queue.node.path} has no CfnQueue`);
    resource.redrivePolicy = { deadLetterTargetArn: target.queueArn, maxReceiveCount: this.maxReceiveCount };
  }

  private checkProps(): void {
    if (this.retention.toSeconds() >= deadLetterRetention.toSeconds()) {
      throw new Error(
        `${this.node.path}: retention has to be shorter than the 14 days of the dead-letter queue`,
      );
    }
    if (this.maxReceiveCount < 1 || this.maxReceiveCount > 1_000) {
      throw new Error(`${this.node.path}: maxReceiveCount ${this.maxReceiveCount} is not between 1 and 1000`);
    }
  }

  private watch({ maxAge = Duration.minutes(15), maxBacklog, ...options }: WorkQueueProps): void {
    const settings = { period: everyMinute, statistic: 'Maximum' };
    alarm(
      this,
      'AgeAlarm',
      {
        metric: this.queue.metricApproximateAgeOfOldestMessage(settings),
        atLeast: maxAge.toSeconds(),
        description: `${this.node.path}: messages wait longer than ${maxAge.toHumanString()}`,
        runbook: 'queue-age',
      },
      options,
    );
    if (maxBacklog === undefined) return;
    alarm(
      this,
      'BacklogAlarm',
      {
        metric: this.queue.metricApproximateNumberOfMessagesVisible(settings),
        atLeast: maxBacklog,
        description: `${this.node.path}: ${maxBacklog} messages or more wait`,
        runbook: 'queue-backlog',
      },
      options,
    );
  }
}
