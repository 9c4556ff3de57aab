import { Duration, Fn } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { consumerOf, type LogConsumerOptions } from './log-consumer.ts';
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

export interface KafkaConsumerOptions extends LogConsumerOptions {
  /** The consumer group: where it has come to is kept by the broker under this name. */
  readonly groupId: string;
  /**
   * The most event pollers: each is paid for by the hour.
   * @default 2
   */
  readonly maximumPollers?: number;
}

/** One on each broker. */
const replicas = 2;

/**
 * A topic of a Kafka cluster: records in order per key, kept, and read by many groups independently.
 *
 * What it adds to `aws-msk.CfnTopic`, with the same contract for consumers as `EventStream`:
 * - a poisoned record is given up: bisect, a few retries, an age below the retention;
 * - what was given up lands in a bucket, records and all;
 * - partial batch failures, alarms on how far each consumer group is behind, and on what not even the bucket took;
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
      // Amazon MSK lets a copy lead that was behind ("Default Amazon MSK configuration"): acknowledged records would be gone.
      'unclean.leader.election.enable=false',
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
    const { retention, failures, props: alarms } = this;
    this.allowReading(fn, options.groupId);
    const consumer = consumerOf({ log: this, retention, failures, alarms }, fn, options);
    this.watch(fn, options.groupId);
    const mapping = new EventSourceMapping(fn, `${this.node.id}Source`, {
      ...consumer,
      target: fn.function,
      eventSourceArn: this.cluster.cluster.attrArn,
      kafkaTopic: this.props.topicName,
      kafkaConsumerGroupId: options.groupId,
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: options.maximumPollers ?? 2 },
    });
    mapping.node.addDependency(this.topic);
    return mapping;
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
