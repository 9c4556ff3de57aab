import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../policy/acknowledge-wildcard.ts';
import type { ServiceFunction } from './service-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface PrivateBucketProps {
  /**
   * After how long objects are deleted.
   * @default - never
   */
  readonly expiry?: Duration;
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Anything else that `aws-s3.Bucket` takes. What is given here wins.
   * @default - nothing
   */
  readonly bucketProps?: BucketProps;
}

/**
 * A bucket that only its application reads and writes.
 *
 * What it adds to `aws-s3.Bucket`: TLS only, no public access, encryption, an expiry; uploads that were begun and never
 * finished are removed. Functions get one prefix and one kind of access at a time.
 *
 * @example
 * const uploads = new PrivateBucket(this, 'Uploads', { expiry: Duration.days(1) });
 * uploads.announceTo(received, 'uploads/');
 * uploads.readFrom(worker, 'UPLOADS_BUCKET', 'uploads/');
 */
export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps = {}) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          ...(props.expiry && { expiration: props.expiry }),
        },
      ],
      ...props.bucketProps,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Objects are reached through the application only, which traces each access',
    });
  }

  /**
   * Lets `fn` read what is under a prefix, and tells it the bucket.
   * Who may not list a bucket is told 403 instead of 404 of an object that is not there (S3 API reference, "GetObject").
   */
  readFrom(fn: ServiceFunction, variable: string, prefix: string): void {
    fn.allow({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
    this.bind(fn, variable, 's3:GetObject', prefix);
  }

  /** Lets `fn` write under a prefix, and tells it the bucket. */
  writeFrom(fn: ServiceFunction, variable: string, prefix: string): void {
    this.bind(fn, variable, 's3:PutObject', prefix);
  }

  /**
   * Tells a queue of the same stack about every object that is created under a prefix.
   *
   * The bucket's own property is used, not CDK's custom resource: that one brings a function whose role may change the
   * notifications of any bucket. S3 asks the queue for permission when the bucket is created, so the queue's policy has
   * to be there first, and cannot name the bucket: it names the account instead
   * (Amazon S3 User Guide, "Granting permissions to publish event notification messages to a destination").
   */
  announceTo(queue: WorkQueue, prefix: string): void {
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new Error(`${this.node.path} has no CfnBucket`);
    const granted = queue.queue.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (granted.policyDependable) resource.node.addDependency(granted.policyDependable);
    resource.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
        },
      ],
    };
  }

  private bind(fn: ServiceFunction, variable: string, action: string, prefix: string): void {
    const objects = this.bucket.arnForObjects(`${prefix}*`);
    fn.bind(variable, this.bucket.bucketName, { actions: [action], resources: [objects] });
    acknowledgeWildcard(
      fn.role,
      objects,
      `Objects are made at run time; the permission ends at the prefix ${prefix}`,
    );
  }
}
