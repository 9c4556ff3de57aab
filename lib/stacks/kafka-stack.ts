import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ArchiveActivityEnv } from '../../lambdas/archive-activity/env.ts';
import { CountActivityEnv } from '../../lambdas/count-activity/env.ts';
import { RecordActivityKafkaEnv } from '../../lambdas/record-activity-kafka/env.ts';
import type { AppConfig } from '../config.ts';
import type { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { KafkaTopic } from '../constructs/kafka-topic.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { ActivityStack } from './activity-stack.ts';
import { bindTable } from './job-table.ts';
import type { StorageStack } from './storage-stack.ts';

export interface KafkaStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
  /** Where the services tell what has happened. */
  readonly topics: readonly FanOutTopic[];
  /** Its counts and its archive take what comes by Kafka, too. */
  readonly activity: ActivityStack;
}

/** The Kafka client waits for minus one millisecond now and then, which does no harm and is told in every log. */
const nodeOptions = '--enable-source-maps --disable-warning=TimeoutNegativeWarning';

/** The activity of the service as a topic of Apache Kafka: the same events, the same consumers as the stream. */
export class KafkaStack extends Stack {
  readonly cluster: KafkaCluster;
  readonly activity: KafkaTopic;

  constructor(scope: Construct, id: string, props: KafkaStackProps) {
    super(scope, id, props);
    const { config, storage, topics, activity } = props;
    const { functions, removalPolicy } = config;
    const alarms = storage.alarmOptions;

    this.cluster = new KafkaCluster(this, 'Cluster', {
      clusterName: `activity-${config.stage}`,
      logRetention: functions.logRetention,
      logRemovalPolicy: removalPolicy,
    });
    this.activity = new KafkaTopic(this, 'Activity', {
      ...alarms,
      cluster: this.cluster,
      topicName: 'activity',
      auth: config.kafkaAuth,
      existingFailures: new PrivateBucket(this, 'Failures', { expiry: Duration.days(30), removalPolicy }),
    });

    const feed = new WorkQueue(this, 'ActivityFeed', alarms);
    if (config.stream !== 'kinesis') {
      for (const topic of topics) topic.subscribe(feed, { raw: true });
    }
    const record = new ServiceFunction(this, 'RecordActivity', {
      ...functions,
      entry: 'lambdas/record-activity-kafka/handler.ts',
      env: RecordActivityKafkaEnv,
      description: 'Puts what happens into the activity topic',
      functionProps: { ...this.cluster.network, environment: { NODE_OPTIONS: nodeOptions } },
    });
    feed.consumeWith(record, { maxConcurrency: 5 });
    this.activity.appendFrom(record);

    const count = new ServiceFunction(this, 'CountActivity', {
      ...functions,
      entry: 'lambdas/count-activity-kafka/handler.ts',
      env: CountActivityEnv,
      description: 'Counts activity of the topic by minute and type',
      timeout: Duration.seconds(30),
    });
    this.activity.consumeWith(count, { groupId: 'count-activity' });
    bindTable(count, 'ACTIVITY_COUNTS_TABLE', activity.counts, ['dynamodb:UpdateItem']);

    const archive = new ServiceFunction(this, 'ArchiveActivity', {
      ...functions,
      entry: 'lambdas/archive-activity-kafka/handler.ts',
      env: ArchiveActivityEnv,
      description: 'Keeps all activity of the topic',
      timeout: Duration.seconds(30),
    });
    this.activity.consumeWith(archive, {
      groupId: 'archive-activity',
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(1),
    });
    activity.archive.writeFrom(archive, 'ACTIVITY_ARCHIVE_BUCKET', 'activity/');

    const outputs = {
      KafkaBootstrapServers: this.cluster.bootstrapServers,
      KafkaActivityTopicName: this.activity.topic.topicName,
      KafkaActivityFeedQueueUrl: feed.queue.queueUrl,
      KafkaActivityFeedDeadLettersUrl: feed.deadLetters.queue.queueUrl,
      KafkaFailuresBucketName: this.activity.failures.bucket.bucketName,
      KafkaRecordActivityFunctionName: record.function.functionName,
      KafkaCountActivityFunctionName: count.function.functionName,
      KafkaArchiveActivityFunctionName: archive.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
