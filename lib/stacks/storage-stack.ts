import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AppConfig } from '../config.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import type { AlarmOptions } from '../constructs/alarms.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { WorkQueue } from '../constructs/work-queue.ts';

export interface StorageStackProps extends StackProps {
  readonly config: AppConfig;
}

/** Everything that must survive a deployment: the jobs, the images and the audit. It knows none of its users. */
export class StorageStack extends Stack {
  /** Where all alarms are sent. */
  readonly alarmTopic: Topic;
  readonly jobs: Table;
  readonly uploads: PrivateBucket;
  readonly results: PrivateBucket;
  readonly audit: PrivateBucket;
  /** What was uploaded, one message an object. It lies beside its bucket: S3 wants both to exist together. */
  readonly uploadEvents: WorkQueue;

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    const { alarmEmail, removalPolicy, resultRetention } = props.config;
    this.alarmTopic = new AlarmTopic(this, 'Alarms', {
      ...(alarmEmail !== undefined && { email: alarmEmail }),
    }).topic;

    this.jobs = new Table(this, 'Jobs', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
    this.jobs.addGlobalSecondaryIndex({
      indexName: 'byOwner',
      partitionKey: { name: 'owner', type: AttributeType.STRING },
      sortKey: { name: 'createdAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });

    this.uploadEvents = new WorkQueue(this, 'Uploaded', this.alarmOptions);
    this.uploads = new PrivateBucket(this, 'Uploads', {
      expiry: Duration.days(1),
      removalPolicy,
      bucketProps: {
        // A page posts its form straight to the bucket; who may do so is in the form's signature.
        cors: [
          { allowedMethods: [HttpMethods.POST], allowedOrigins: ['*'], allowedHeaders: ['*'], maxAge: 3600 },
        ],
      },
    });
    this.uploads.announceTo(this.uploadEvents, 'uploads/');
    this.results = new PrivateBucket(this, 'Results', { expiry: resultRetention, removalPolicy });
    this.audit = new PrivateBucket(this, 'Audit', { removalPolicy });

    const outputs = {
      AlarmTopicArn: this.alarmTopic.topicArn,
      UploadsQueueUrl: this.uploadEvents.queue.queueUrl,
      JobsTableName: this.jobs.tableName,
      UploadsBucketName: this.uploads.bucket.bucketName,
      ResultsBucketName: this.results.bucket.bucketName,
      AuditBucketName: this.audit.bucket.bucketName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /** For the constructs of this and the other stacks. */
  get alarmOptions(): AlarmOptions {
    return { alarmTopic: this.alarmTopic };
  }
}
