import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { EventStream } from '../../lib/constructs/event-stream.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';
import { lostRecordsAlarm } from './lost-records-alarm.ts';

const alone = templateOf((stack) => {
  const activity = new EventStream(stack, 'Activity');
  activity.putFrom(aFunction(stack, 'Api', ['ACTIVITY_STREAM']), 'ACTIVITY_STREAM');
  activity.consumeWith(aFunction(stack, 'Counter'), { parallelizationFactor: 4 });
});

test('a consumer gives a poisoned record up, before the stream does, and keeps it', () => {
  alone.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 5,
    MaximumRecordAgeInSeconds: 12 * 60 * 60,
    ParallelizationFactor: 4,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    StartingPosition: 'TRIM_HORIZON',
    DestinationConfig: {
      OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ActivityFailures'), 'Arn'] } },
    },
  });
  alone.hasResourceProperties('AWS::Kinesis::Stream', { RetentionPeriodHours: 24 });
});

test('the consumer may write what it gave up, under the prefix of Lambda only', () => {
  expect(allowed(alone)).toContainEqual({
    actions: ['s3:PutObject'],
    resource: {
      'Fn::Join': [
        '',
        [{ 'Fn::GetAtt': [expect.stringMatching(/^ActivityFailures/), 'Arn'] }, '/aws/lambda/*'],
      ],
    },
  });
});

test('alarms watch how far the stream and each consumer are behind', () => {
  alone.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'GetRecords.IteratorAgeMilliseconds',
    Dimensions: [{ Name: 'StreamName', Value: { Ref: Match.stringLikeRegexp('^Activity') } }],
    Threshold: 15 * 60 * 1000,
    TreatMissingData: 'notBreaching',
  });
  alone.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'IteratorAge',
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Counter') } }],
  });
});

test('an alarm watches what a consumer could neither handle nor put aside', () => {
  alone.hasResourceProperties('AWS::CloudWatch::Alarm', lostRecordsAlarm('Counter'));
});

test('records are encrypted where they lie', () => {
  alone.hasResourceProperties('AWS::Kinesis::Stream', {
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  });
});

test.each([
  [
    'a record age as long as the retention',
    { maxRecordAge: Duration.hours(24) },
    'is not below the retention',
  ],
  ['endless retries', { retryAttempts: -1 }, 'not between 0 and 10000'],
  ['eleven batches of a shard at once', { parallelizationFactor: 11 }, 'not between 1 and 10'],
])('%s is an error', (_, options, message) => {
  const activity = new EventStream(emptyStack(), 'Activity');

  expect(() => activity.consumeWith(aFunction(activity, 'Counter'), options)).toThrow(message);
});
