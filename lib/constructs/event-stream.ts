import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode, type StreamProps } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { consumerOf, type LogConsumerOptions } from './log-consumer.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { ServiceFunction } from './service-function.ts';

export interface EventStreamProps extends AlarmOptions {
  /**
   * How long records can be read, and read again: 24 hours to 365 days.
   * @default 24 hours
   */
  readonly retention?: Duration;
  /**
   * A fixed number of shards. Each takes 1 MB and 1,000 records a second.
   * @default 1
   */
  readonly shardCount?: number;
  /**
   * An alarm goes off when a consumer is this far behind.
   * @default 15 minutes
   */
  readonly maxLag?: Duration;
  /**
   * Where records go that a consumer gave up.
   * @default - a bucket of its own
   */
  readonly existingFailures?: PrivateBucket;
  /**
   * Anything else that `aws-kinesis.Stream` takes. What is given here wins.
   * @default - nothing
   */
  readonly streamProps?: Omit<StreamProps, 'retentionPeriod'>;
}

export interface StreamConsumerOptions extends LogConsumerOptions {
  /**
   * How many batches of a shard are worked on at once, 1 to 10. Order is kept per partition key.
   * @default 1
   */
  readonly parallelizationFactor?: number;
}

/**
 * Records in order per key, kept, and read by many consumers independently.
 *
 * What it adds to `aws-kinesis.Stream`, and why:
 * - each consumer gives a poisoned record up: bisect, a few retries, an age below the retention. Without them one
 *   record holds up its shard until the stream forgets it, and all that wait behind it;
 * - what was given up lands in a bucket: of all destinations only S3 keeps the records, the others keep where they were
 *   (AWS Lambda guide, "Retaining discarded batch records for a Kinesis data stream");
 * - partial batch failures, encryption, alarms on how far the consumers are behind, and on what not even the bucket took.
 *
 * @example
 * const activity = new EventStream(this, 'Activity');
 * activity.putFrom(api, 'ACTIVITY_STREAM');
 * activity.consumeWith(counter);
 * activity.consumeWith(archive, { parallelizationFactor: 4 });
 */
export class EventStream extends Construct {
  readonly stream: Stream;
  readonly failures: PrivateBucket;
  private readonly retention: Duration;
  private readonly maxLag: Duration;
  private readonly alarms: AlarmOptions;

  constructor(scope: Construct, id: string, props: EventStreamProps = {}) {
    super(scope, id);
    this.alarms = props;
    this.retention = props.retention ?? Duration.hours(24);
    this.maxLag = props.maxLag ?? Duration.minutes(15);
    this.failures =
      props.existingFailures ?? new PrivateBucket(this, 'Failures', { expiry: Duration.days(30) });
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.PROVISIONED,
      ...(props.streamProps?.streamMode !== StreamMode.ON_DEMAND && { shardCount: props.shardCount ?? 1 }),
      encryption: StreamEncryption.MANAGED,
      ...props.streamProps,
      retentionPeriod: this.retention,
    });
    alarm(
      this,
      'LagAlarm',
      {
        metric: this.stream.metricGetRecordsIteratorAgeMilliseconds({
          period: everyMinute,
          statistic: 'Maximum',
        }),
        atLeast: this.maxLag.toMilliseconds(),
        description: `${this.node.path}: records are read later than ${this.maxLag.toHumanString()} after they came`,
        runbook: 'stream-lag',
      },
      props,
    );
  }

  /** Lets `fn` put records, and tells it the stream's name. */
  putFrom(fn: ServiceFunction, variable: string): void {
    fn.bind(variable, this.stream.streamName, {
      actions: ['kinesis:PutRecord', 'kinesis:PutRecords'],
      resources: [this.stream.streamArn],
    });
  }

  /**
   * Hands all records to `fn`, shard by shard in order, whatever other consumers do.
   *
   * @throws Error when the record age is not below the stream's retention, or an option is outside what AWS allows
   */
  consumeWith(fn: ServiceFunction, options: StreamConsumerOptions = {}): EventSourceMapping {
    const { parallelizationFactor = 1 } = options;
    if (parallelizationFactor < 1 || parallelizationFactor > 10) {
      throw new Error(
        `${this.node.path}, consumed by ${fn.node.path}: parallelizationFactor ${parallelizationFactor} is not between 1 and 10`,
      );
    }
    fn.allow({
      actions: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      resources: [this.stream.streamArn],
    });
    const { retention, failures, alarms } = this;
    const consumer = consumerOf({ log: this, retention, failures, alarms }, fn, options);
    this.watch(fn);
    return new EventSourceMapping(fn, `${this.node.id}Source`, {
      ...consumer,
      target: fn.function,
      eventSourceArn: this.stream.streamArn,
      parallelizationFactor,
    });
  }

  private watch(fn: ServiceFunction): void {
    alarm(
      fn,
      `${this.node.id}LagAlarm`,
      {
        metric: fn.function.metric('IteratorAge', { period: everyMinute, statistic: 'Maximum' }),
        atLeast: this.maxLag.toMilliseconds(),
        description: `${fn.node.path}: more than ${this.maxLag.toHumanString()} behind ${this.node.path}`,
        runbook: 'consumer-lag',
      },
      this.alarms,
    );
  }
}
