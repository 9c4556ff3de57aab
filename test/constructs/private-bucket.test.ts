import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { PrivateBucket } from '../../lib/constructs/private-bucket.ts';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { aFunction, allowed, templateOf } from './alone.ts';

const alone = templateOf((stack) => {
  const uploads = new PrivateBucket(stack, 'Uploads', { expiry: Duration.days(1) });
  uploads.announceTo(new WorkQueue(stack, 'Uploaded'), 'uploads/');
  uploads.readFrom(aFunction(stack, 'Reader', ['UPLOADS_BUCKET']), 'UPLOADS_BUCKET', 'uploads/');
});

test('nobody outside gets in, and nothing travels or lies in the open', () => {
  alone.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    BucketEncryption: Match.anyValue(),
    LifecycleConfiguration: {
      Rules: [
        Match.objectLike({ ExpirationInDays: 1, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
      ],
    },
  });
  alone.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ],
    },
  });
});

test('the queue lets S3 in before the bucket is created, and the bucket needs no custom resource', () => {
  alone.hasResource('AWS::S3::Bucket', {
    Properties: {
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UploadedQueue'), 'Arn'] },
            Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } },
          },
        ],
      },
    },
    DependsOn: [Match.stringLikeRegexp('^UploadedQueuePolicy')],
  });
  alone.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
});

test('a reader reads under its prefix, and learns of a missing object that it is missing', () => {
  const bucket = { 'Fn::GetAtt': [expect.stringMatching(/^UploadsBucket/), 'Arn'] };

  expect(allowed(alone)).toEqual(
    expect.arrayContaining([
      { actions: ['s3:GetObject'], resource: { 'Fn::Join': ['', [bucket, '/uploads/*']] } },
      { actions: ['s3:ListBucket'], resource: bucket },
    ]),
  );
});
