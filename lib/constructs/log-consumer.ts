import { Duration, Token } from 'aws-cdk-lib';
import { type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { acknowledgeWildcard } from '../policy/acknowledge-wildcard.ts';
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
  /** For messages to people. */
  readonly path: string;
  readonly retention: Duration;
  readonly failures: PrivateBucket;
}

const longestRecordAge = Duration.days(7);

/**
 * What every consumer of a log needs of its event source mapping: bisect, a few retries, an age below the retention,
 * partial failures, and a bucket for what was given up, which the function's role may write into.
 *
 * @throws Error when the record age is not below the retention, or an option is outside what AWS allows
 */
export const consumerOf = (
  log: ConsumedLog,
  fn: ServiceFunction,
  options: LogConsumerOptions,
): Omit<EventSourceMappingOptions, 'eventSourceArn'> => {
  const { retryAttempts = 5, maxRecordAge = defaultRecordAge(log.retention) } = options;
  check(log, fn, maxRecordAge, retryAttempts);
  keepFailuresOf(fn, log.failures);
  return {
    startingPosition: options.startingPosition ?? StartingPosition.TRIM_HORIZON,
    batchSize: options.batchSize ?? 100,
    ...(options.maxBatchingWindow && { maxBatchingWindow: options.maxBatchingWindow }),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts,
    maxRecordAge,
    onFailure: { bind: () => ({ destination: log.failures.bucket.bucketArn }) },
  };
};

const defaultRecordAge = (retention: Duration): Duration =>
  Duration.seconds(Math.min(retention.toSeconds() / 2, longestRecordAge.toSeconds()));

const check = (
  { path, retention }: ConsumedLog,
  fn: ServiceFunction,
  maxRecordAge: Duration,
  retryAttempts: number,
): void => {
  const refuse = (reason: string): never => {
    throw new Error(`${path}, consumed by ${fn.node.path}: ${reason}`);
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
