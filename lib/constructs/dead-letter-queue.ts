import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { ownAccountOnly } from './queue-access.ts';

/** The longest that SQS keeps a message (SQS Developer Guide, "Message quotas"). */
export const deadLetterRetention = Duration.days(14);

export interface DeadLetterQueueProps extends AlarmOptions {
  /**
   * Dead letters of a FIFO queue need a FIFO queue.
   * @default false
   */
  readonly fifo?: boolean;
}

/**
 * Where messages wait that nobody could handle, until a person looks and redrives them.
 *
 * What it adds to `aws-sqs.Queue`: the longest retention there is, TLS-only and own-account-only access, encryption,
 * and an alarm as soon as one message is in it. The alarm watches the depth, not the number of messages sent:
 * a redrive does not count as sent.
 *
 * @example
 * const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { alarmTopic });
 */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps = {}) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...(props.fifo && { fifo: true }),
      retentionPeriod: deadLetterRetention,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    ownAccountOnly(this.queue);
    alarm(
      this,
      'DepthAlarm',
      {
        metric: this.queue.metricApproximateNumberOfMessagesVisible({
          period: everyMinute,
          statistic: 'Maximum',
        }),
        atLeast: 1,
        description: `${this.node.path}: messages wait that could not be handled`,
        runbook: 'dead-letters',
      },
      props,
    );
  }
}
