import { Duration, Token } from 'aws-cdk-lib';
import { type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../policy/acknowledge-wildcard.ts';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import type { PrivateBucket } from './private-bucket.ts';
import type { ServiceFunction } from './service-function.ts';

/** How a consumer reads a log, be it a stream or a topic of Kafka. */
export interface LogConsumerOptions {
  /**
   * The most records in one invocation: 1 to 10,000.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * How long records are gathered before an invocation: up to 300 seconds.
   * @default - Lambda's own: not at all for Kinesis, 500 milliseconds for Kafka
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * How often a failed batch is tried again.
   * @default 5
   */
  readonly retryAttempts?: number;
  /**
   * A record older than this is given up. It has to be shorter than the log's retention, or records are lost unseen.
   * @default - half the retention, at most 7 days
   */
  readonly maxRecordAge?: Duration;
  /** @default StartingPosition.TRIM_HORIZON */
  readonly startingPosition?: StartingPosition;
}

/** What is consumed. */
export interface ConsumedLog {
  readonly log: Construct;
  readonly retention: Duration;
  readonly failures: PrivateBucket;
  readonly alarms: AlarmOptions;
}

const longestRecordAge = Duration.days(7);

/**
 * What every consumer of a log needs of its event source mapping: bisect, a few retries, an age below the retention,
 * partial failures, a bucket for what was given up, which the function's role may write into, and an alarm for when that
 * does not take it.
 *
 * @throws Error when the record age is not below the retention, or an option is outside what AWS allows
 */
export const consumerOf = (
  consumed: ConsumedLog,
  fn: ServiceFunction,
  options: LogConsumerOptions,
): Omit<EventSourceMappingOptions, 'eventSourceArn'> => {
  const { retryAttempts = 5, maxRecordAge = defaultRecordAge(consumed.retention) } = options;
  check(consumed, fn, maxRecordAge, retryAttempts);
  keepFailuresOf(fn, consumed.failures);
  watchLosses(fn, consumed);
  return {
    startingPosition: options.startingPosition ?? StartingPosition.TRIM_HORIZON,
    batchSize: options.batchSize ?? 100,
    ...(options.maxBatchingWindow && { maxBatchingWindow: options.maxBatchingWindow }),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts,
    maxRecordAge,
    onFailure: { bind: () => ({ destination: consumed.failures.bucket.bucketArn }) },
  };
};

const defaultRecordAge = (retention: Duration): Duration =>
  Duration.seconds(Math.min(retention.toSeconds() / 2, longestRecordAge.toSeconds()));

const check = (
  { log, retention }: ConsumedLog,
  fn: ServiceFunction,
  maxRecordAge: Duration,
  retryAttempts: number,
): void => {
  const refuse = (reason: string): never => {
    throw new Error(`${log.node.path}, consumed by ${fn.node.path}: ${reason}`);
  };
  if (maxRecordAge.toSeconds() >= retention.toSeconds()) {
    refuse(
      `maxRecordAge ${maxRecordAge.toHumanString()} is not below the retention ${retention.toHumanString()}`,
    );
  }
  if (maxRecordAge.toSeconds() > longestRecordAge.toSeconds()) refuse('maxRecordAge is more than 7 days');
  if (!Token.isUnresolved(retryAttempts) && (retryAttempts < 0 || retryAttempts > 10_000)) {
    refuse(
      `retryAttempts ${retryAttempts} is not between 0 and 10000: endless retries hold up all that comes behind`,
    );
  }
};

/** The event source writes what it gives up with the function's role, under a prefix of its own. */
const keepFailuresOf = (fn: ServiceFunction, { bucket }: PrivateBucket): void => {
  const objects = bucket.arnForObjects('aws/lambda/*');
  fn.allow({ actions: ['s3:PutObject'], resources: [objects] });
  fn.allow({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  acknowledgeWildcard(fn.role, objects, 'Lambda names the objects; the permission ends at its prefix');
};

/**
 * What the destination does not take is dropped, and counted: once for each attempt to deliver, per function, whatever the
 * source (AWS Lambda guide, "Types of metrics for Lambda functions", OnFailureDestinationDeliveredEventCount). The metric's
 * own entry on that page names Kinesis and DynamoDB only; OnFailureDestinationDeliveryErrorCount of Kafka has to be asked for.
 */
const watchLosses = (fn: ServiceFunction, { log, alarms }: ConsumedLog): void => {
  alarm(
    fn,
    `${log.node.id}LostAlarm`,
    {
      metric: fn.function.metric('DestinationDeliveryFailures', { period: everyMinute, statistic: 'Sum' }),
      atLeast: 1,
      description: `${fn.node.path}: records of ${log.node.path} could neither be handled nor be put aside`,
      runbook: 'records-lost',
    },
    alarms,
  );
};
