import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const app = imageApp({ context: { target: 'local' } });
app.synth();
const stack = app.node.findChild('Activity');
if (!Stack.isStack(stack)) throw new Error('Activity is no stack');
const template = Template.fromStack(stack);

test('the stream has two shards that nobody changes behind our back', () => {
  template.hasResourceProperties('AWS::Kinesis::Stream', {
    ShardCount: 2,
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamEncryption: { EncryptionType: 'KMS' },
  });
});

test('two consumers read it, each with an end to its patience and a place for what it gives up', () => {
  const sources = template.findResources('AWS::Lambda::EventSourceMapping', {
    Properties: {
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 12 * 60 * 60,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    },
  });

  expect(Object.keys(sources)).toHaveLength(2);
});

test('only the recorder may put records', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const writing = policies.filter(({ Properties }) =>
    JSON.stringify(Properties).includes('kinesis:PutRecords'),
  );

  expect(writing.map(({ Properties }) => JSON.stringify(Properties.Roles))).toEqual([
    expect.stringContaining('RecordActivity'),
  ]);
});

test('a queue of its own hears of job events, so that nobody waits for the stream', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    RawMessageDelivery: true,
    RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
  });
});

test('counts go of themselves', () => {
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
});

test('scenarios find the stream, the buckets and the functions among the outputs', () => {
  expect(Object.keys(template.findOutputs('*'))).toEqual(
    expect.arrayContaining([
      'ActivityStreamName',
      'ActivityArchiveBucketName',
      'ActivityFailuresBucketName',
      'CountActivityFunctionName',
      'ArchiveActivityFunctionName',
    ]),
  );
});
