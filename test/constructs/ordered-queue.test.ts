import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { OrderedQueue } from '../../lib/constructs/ordered-queue.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';

const alone = templateOf((stack) => {
  const edits = new OrderedQueue(stack, 'Edits');
  edits.sendFrom(aFunction(stack, 'Api', ['EDITS_QUEUE_URL']), 'EDITS_QUEUE_URL');
  edits.consumeWith(aFunction(stack, 'Editor', [], { timeout: Duration.seconds(20) }));
});

test('groups have an order and duplicates of their own, and do not slow each other down', () => {
  alone.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    VisibilityTimeout: 120,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
  });
});

test('the dead letters of a FIFO queue are a FIFO queue, which keeps them longer', () => {
  alone.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    RedrivePolicy: Match.absent(),
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
  });
});

test('a poisoned message has no company in its batch that it could take along to the dead letters', () => {
  alone.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
});

test('what follows a failure in its group can be reported as failed, where batches are larger', () => {
  const batches = templateOf((stack) => {
    new OrderedQueue(stack, 'Edits').consumeWith(aFunction(stack, 'Editor'), { batchSize: 10 });
  });

  batches.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumBatchingWindowInSeconds: Match.absent(),
  });
});

test('alarms watch age and dead letters, by queue', () => {
  const ofQueues = { Properties: { Namespace: 'AWS/SQS' } };
  const alarms = Object.values(alone.findResources('AWS::CloudWatch::Alarm', ofQueues));

  expect(alarms.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [expect.objectContaining({ Name: 'QueueName' })],
      TreatMissingData: 'notBreaching',
    }),
    expect.objectContaining({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [expect.objectContaining({ Name: 'QueueName' })],
      TreatMissingData: 'notBreaching',
    }),
  ]);
});

test('a consumer may put its messages off', () => {
  const template = templateOf((stack) => {
    const edits = new OrderedQueue(stack, 'Edits');
    const editor = aFunction(stack, 'Editor', ['EDITS_QUEUE_URL']);
    edits.consumeWith(editor);
    edits.postponeFrom(editor, 'EDITS_QUEUE_URL');
  });

  expect(allowed(template)).toContainEqual({
    actions: expect.arrayContaining(['sqs:ChangeMessageVisibility']),
    resource: { 'Fn::GetAtt': [expect.stringMatching(/^EditsQueue/), 'Arn'] },
  });
});

test('a batch of more than ten is an error', () => {
  const edits = new OrderedQueue(emptyStack(), 'Edits');

  expect(() => edits.consumeWith(aFunction(edits, 'Editor'), { batchSize: 11 })).toThrow(
    'more than 10 on a FIFO queue',
  );
});
