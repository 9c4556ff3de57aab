import { CfnOutput, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { ArchiveActivityEnv } from '../../lambdas/archive-activity/env.ts';
import { CountActivityEnv } from '../../lambdas/count-activity/env.ts';
import { RecordActivityEnv } from '../../lambdas/record-activity/env.ts';
import type { AppConfig } from '../config.ts';
import { EventStream } from '../constructs/event-stream.ts';
import type { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { bindTable } from './job-table.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ActivityStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
  /** Where the services tell what has happened. */
  readonly topics: readonly FanOutTopic[];
}

/** The activity of the whole service as one stream: domain events and telemetry in, counts and an archive out. */
export class ActivityStack extends Stack {
  readonly activity: EventStream;
  readonly counts: Table;
  readonly archive: PrivateBucket;

  constructor(scope: Construct, id: string, props: ActivityStackProps) {
    super(scope, id, props);
    const { config, storage, topics } = props;
    const { functions, removalPolicy } = config;
    const alarms = storage.alarmOptions;

    this.activity = new EventStream(this, 'Activity', {
      ...alarms,
      shardCount: 2,
      existingFailures: new PrivateBucket(this, 'Failures', { expiry: Duration.days(30), removalPolicy }),
      streamProps: { removalPolicy },
    });
    this.counts = this.countsTable(config);
    this.archive = new PrivateBucket(this, 'Archive', { removalPolicy });

    const feed = new WorkQueue(this, 'ActivityFeed', alarms);
    if (config.stream !== 'kafka') {
      for (const topic of topics) topic.subscribe(feed, { raw: true });
    }
    const recordActivity = new ServiceFunction(this, 'RecordActivity', {
      ...functions,
      entry: 'lambdas/record-activity/handler.ts',
      env: RecordActivityEnv,
      description: 'Puts what happens into the activity stream',
    });
    feed.consumeWith(recordActivity, { maxConcurrency: 5 });
    this.activity.putFrom(recordActivity, 'ACTIVITY_STREAM');

    const countActivity = new ServiceFunction(this, 'CountActivity', {
      ...functions,
      entry: 'lambdas/count-activity/handler.ts',
      env: CountActivityEnv,
      description: 'Counts activity by minute and type',
      timeout: Duration.seconds(30),
    });
    // One batch of a shard at a time: a count knows by the last record of its shard what it has counted.
    this.activity.consumeWith(countActivity, { parallelizationFactor: 1 });
    bindTable(countActivity, 'ACTIVITY_COUNTS_TABLE', this.counts, ['dynamodb:UpdateItem']);

    const archiveActivity = new ServiceFunction(this, 'ArchiveActivity', {
      ...functions,
      entry: 'lambdas/archive-activity/handler.ts',
      env: ArchiveActivityEnv,
      description: 'Keeps all activity',
      timeout: Duration.seconds(30),
    });
    // An object is paid for by the request: what comes within a second goes into one.
    this.activity.consumeWith(archiveActivity, { batchSize: 500, maxBatchingWindow: Duration.seconds(1) });
    this.archive.writeFrom(archiveActivity, 'ACTIVITY_ARCHIVE_BUCKET', 'activity/');

    const outputs = {
      ActivityStreamName: this.activity.stream.streamName,
      ActivityFeedQueueUrl: feed.queue.queueUrl,
      ActivityArchiveBucketName: this.archive.bucket.bucketName,
      ActivityFailuresBucketName: this.activity.failures.bucket.bucketName,
      ActivityCountsTableName: this.counts.tableName,
      RecordActivityFunctionName: recordActivity.function.functionName,
      CountActivityFunctionName: countActivity.function.functionName,
      ArchiveActivityFunctionName: archiveActivity.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  private countsTable({ removalPolicy }: AppConfig): Table {
    const table = new Table(this, 'Counts', {
      partitionKey: { name: 'minute', type: AttributeType.STRING },
      sortKey: { name: 'series', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      removalPolicy,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Counts live for a week, and can be made again from the archive',
    });
    return table;
  }
}
