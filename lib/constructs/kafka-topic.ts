import { Duration, Fn } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../policy/acknowledge-wildcard.ts';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { ServiceFunction } from './service-function.ts';

export interface KafkaTopicProps extends AlarmOptions {
  readonly cluster: KafkaCluster;
  readonly topicName: string;
  /**
   * How many consumers of one group can work at the same time.
   * @default 6
   */
  readonly partitionCount?: number;
  /**
   * How long records can be read, and read again.
   * @default 24 hours
   */
  readonly retention?: Duration;
  /**
   * An alarm goes off when a consumer is this many records behind.
   * @default 10,000
   */
  readonly maxLag?: number;
  /**
   * Where records go that a consumer gave up.
   * @default - a bucket of its own
   */
  readonly existingFailures?: PrivateBucket;
  /**
   * How producers prove who they are: what the function is told as KAFKA_AUTH.
   * @default iam
   */
  readonly auth?: 'iam' | 'none';
}

export interface KafkaConsumerOptions {
  /** The consumer group: where it has come to is kept by the broker under this name. */
  readonly groupId: string;
  /**
   * The most records in one invocation: 1 to 10,000.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * How long records are gathered before an invocation.
   * @default - Lambda's own: 500 milliseconds
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * How often a failed batch is tried again.
   * @default 5
   */
  readonly retryAttempts?: number;
  /**
   * A record older than this is given up. It has to be shorter than the topic's retention, or records are lost unseen.
   * @default - half the retention, at most 7 days
   */
  readonly maxRecordAge?: Duration;
  /**
   * The most event pollers: each is paid for by the hour.
   * @default 2
   */
  readonly maximumPollers?: number;
  /** @default StartingPosition.TRIM_HORIZON */
  readonly startingPosition?: StartingPosition;
}

const longestRecordAge = Duration.days(7);

/** One on each broker. */
const replicas = 2;

/**
 * A topic of a Kafka cluster: records in order per key, kept, and read by many groups independently.
 *
 * What it adds to `aws-msk.CfnTopic`, with the same contract for consumers as `EventStream`:
 * - a poisoned record is given up: bisect, a few retries, an age below the retention;
 * - what was given up lands in a bucket, records and all;
 * - partial batch failures, an alarm on how far each consumer group is behind;
 * - a copy on each of two brokers; a record's time is when the broker took it.
 *
 * @example
 * const activity = new KafkaTopic(this, 'Activity', { cluster, topicName: 'activity' });
 * activity.appendFrom(recorder);
 * activity.consumeWith(counter, { groupId: 'count-activity' });
 */
export class KafkaTopic extends Construct {
  readonly topic: CfnTopic;
  readonly failures: PrivateBucket;
  private readonly cluster: KafkaCluster;
  private readonly retention: Duration;
  private readonly props: KafkaTopicProps;

  constructor(scope: Construct, id: string, props: KafkaTopicProps) {
    super(scope, id);
    this.props = props;
    this.cluster = props.cluster;
    this.retention = props.retention ?? Duration.hours(24);
    this.failures =
      props.existingFailures ?? new PrivateBucket(this, 'Failures', { expiry: Duration.days(30) });
    const configs = [
      `retention.ms=${this.retention.toMilliseconds()}`,
      // While one broker is patched the other takes records alone.
      'min.insync.replicas=1',
      'message.timestamp.type=LogAppendTime',
    ];
    this.topic = new CfnTopic(this, 'Topic', {
      clusterArn: this.cluster.cluster.attrArn,
      topicName: props.topicName,
      partitionCount: props.partitionCount ?? 6,
      replicationFactor: replicas,
      configs: Fn.base64(configs.join('\n')),
    });
  }

  /**
   * Lets `fn` append records, and tells it where and how: KAFKA_BOOTSTRAP_SERVERS, KAFKA_TOPIC and KAFKA_AUTH.
   *
   * @throws Error when the function is not in a VPC: nobody reaches the brokers from outside
   */
  appendFrom(fn: ServiceFunction): void {
    if (!fn.function.isBoundToVpc) {
      throw new Error(`${fn.node.path} cannot reach ${this.node.path}: give it the cluster's network`);
    }
    const { cluster, bootstrapServers } = this.cluster;
    fn.bind('KAFKA_BOOTSTRAP_SERVERS', bootstrapServers, {
      actions: ['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'],
      resources: [cluster.attrArn],
    });
    fn.bind('KAFKA_TOPIC', this.props.topicName, {
      actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
      resources: [this.topic.attrTopicArn],
    });
    fn.addEnvironment('KAFKA_AUTH', this.props.auth ?? 'iam');
    this.cluster.attach(fn);
  }

  /**
   * Hands all records to `fn`, partition by partition in order, whatever other groups do.
   *
   * The pollers are provisioned: only they retry a limited number of times, bisect and report partial failures
   * (AWS Lambda guide, "Configuring error handling controls for Kafka event sources"), and only they need no endpoints
   * for Lambda and STS in the VPC. `ManagedKafkaEventSource` of the CDK is not used: it gives the role a managed policy
   * that reaches every cluster of the account.
   *
   * @throws Error when the record age is not below the topic's retention, or an option is outside what AWS allows
   */
  consumeWith(fn: ServiceFunction, options: KafkaConsumerOptions): EventSourceMapping {
    const maxRecordAge = options.maxRecordAge ?? this.defaultRecordAge();
    this.check(fn, maxRecordAge, options);
    this.allowReading(fn, options.groupId);
    this.keepFailuresOf(fn);
    this.watch(fn, options.groupId);
    const mapping = new EventSourceMapping(fn, `${this.node.id}Source`, {
      target: fn.function,
      eventSourceArn: this.cluster.cluster.attrArn,
      kafkaTopic: this.props.topicName,
      kafkaConsumerGroupId: options.groupId,
      startingPosition: options.startingPosition ?? StartingPosition.TRIM_HORIZON,
      batchSize: options.batchSize ?? 100,
      ...(options.maxBatchingWindow && { maxBatchingWindow: options.maxBatchingWindow }),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: options.retryAttempts ?? 5,
      maxRecordAge,
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: options.maximumPollers ?? 2 },
      onFailure: { bind: () => ({ destination: this.failures.bucket.bucketArn }) },
    });
    mapping.node.addDependency(this.topic);
    return mapping;
  }

  private defaultRecordAge(): Duration {
    return Duration.seconds(Math.min(this.retention.toSeconds() / 2, longestRecordAge.toSeconds()));
  }

  private check(
    fn: ServiceFunction,
    maxRecordAge: Duration,
    { retryAttempts = 5 }: KafkaConsumerOptions,
  ): void {
    const refuse = (reason: string): never => {
      throw new Error(`${this.node.path}, consumed by ${fn.node.path}: ${reason}`);
    };
    if (maxRecordAge.toSeconds() >= this.retention.toSeconds()) {
      refuse(
        `maxRecordAge ${maxRecordAge.toHumanString()} is not below the retention ${this.retention.toHumanString()}`,
      );
    }
    if (maxRecordAge.toSeconds() > longestRecordAge.toSeconds()) refuse('maxRecordAge is more than 7 days');
    if (retryAttempts < 0 || retryAttempts > 10_000) {
      refuse(
        `retryAttempts ${retryAttempts} is not between 0 and 10000: endless retries hold up the partition`,
      );
    }
  }

  /** The pollers connect with the function's role (AWS Lambda guide, "Configuring Lambda permissions for Amazon MSK"). */
  private allowReading(fn: ServiceFunction, groupId: string): void {
    const { attrArn } = this.cluster.cluster;
    fn.allow({
      actions: [
        'kafka:DescribeCluster',
        'kafka:DescribeClusterV2',
        'kafka:GetBootstrapBrokers',
        'kafka-cluster:Connect',
        'kafka-cluster:DescribeClusterDynamicConfiguration',
      ],
      resources: [attrArn],
    });
    fn.allow({
      actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
      resources: [this.topic.attrTopicArn],
    });
    fn.allow({
      actions: ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
      resources: [this.cluster.arnOf('group', groupId)],
    });
    this.cluster.attach(fn);
  }

  /** The event source writes what it gives up with the function's role, under a prefix of its own. */
  private keepFailuresOf(fn: ServiceFunction): void {
    const { bucket } = this.failures;
    const objects = bucket.arnForObjects('aws/lambda/*');
    fn.allow({ actions: ['s3:PutObject'], resources: [objects] });
    fn.allow({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
    acknowledgeWildcard(fn.role, objects, 'Lambda names the objects; the permission ends at its prefix');
  }

  private watch(fn: ServiceFunction, groupId: string): void {
    const { maxLag = 10_000, topicName } = this.props;
    alarm(
      fn,
      `${this.node.id}LagAlarm`,
      {
        metric: new Metric({
          namespace: 'AWS/Kafka',
          metricName: 'SumOffsetLag',
          dimensionsMap: {
            'Cluster Name': this.cluster.clusterName,
            'Consumer Group': groupId,
            Topic: topicName,
          },
          period: everyMinute,
          statistic: 'Maximum',
        }),
        atLeast: maxLag,
        minutes: 3,
        description: `${fn.node.path}: more than ${maxLag} records behind ${this.node.path}`,
        runbook: 'consumer-lag',
      },
      this.props,
    );
  }
}
