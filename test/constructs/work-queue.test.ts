import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';

const consumed = templateOf((stack) => {
  const jobs = new WorkQueue(stack, 'Jobs');
  const worker = aFunction(stack, 'Worker', [], { timeout: Duration.seconds(30) });
  jobs.consumeWith(worker, { maxConcurrency: 10, batchSize: 20, maxBatchingWindow: Duration.seconds(5) });
});

test('a message is hidden for six times as long as its consumer may take, and the batching window', () => {
  consumed.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 6 * 30 + 5 });
});

test('an undeliverable message goes to a queue that keeps it longer', () => {
  consumed.hasResourceProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 4 * 24 * 60 * 60,
    RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
  });
  consumed.hasResourceProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
    RedrivePolicy: Match.absent(),
  });
});

test('a batch fails in part, and concurrency is bounded', () => {
  consumed.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 10 },
    BatchSize: 20,
    MaximumBatchingWindowInSeconds: 5,
  });
});

test('the queue and its dead letters take nothing without TLS, and nothing from another account', () => {
  consumed.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  consumed.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Effect: 'Deny',
          Action: 'sqs:*',
          Condition: {
            StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          },
        }),
      ]),
    },
  });
});

test('messages are encrypted where they lie', () => {
  consumed.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
});

test('alarms watch the age of the oldest message and the depth of the dead letters', () => {
  consumed.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateAgeOfOldestMessage',
    Threshold: 15 * 60,
    Dimensions: [{ Name: 'QueueName', Value: Match.anyValue() }],
    TreatMissingData: 'notBreaching',
  });
  consumed.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 1,
    Dimensions: [
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'QueueName'] } },
    ],
    TreatMissingData: 'notBreaching',
  });
});

test('the consumer may receive and delete from its queue, and nothing more', () => {
  expect(
    allowed(consumed).filter(({ actions }) => actions.some((action) => action.startsWith('sqs:'))),
  ).toEqual([
    {
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resource: { 'Fn::GetAtt': [expect.stringMatching(/^JobsQueue/), 'Arn'] },
    },
  ]);
});

test('who may send is told where in the same call', () => {
  const template = templateOf((stack) => {
    new WorkQueue(stack, 'Jobs').sendFrom(aFunction(stack, 'Api', ['JOBS_QUEUE_URL']), 'JOBS_QUEUE_URL');
  });

  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { JOBS_QUEUE_URL: { Ref: Match.stringLikeRegexp('^JobsQueue') } } },
  });
  expect(allowed(template)).toContainEqual({
    actions: ['sqs:SendMessage'],
    resource: { 'Fn::GetAtt': [expect.stringMatching(/^JobsQueue/), 'Arn'] },
  });
});

describe('a message that was received too often, with somebody to draw the consequence', () => {
  const template = templateOf((stack) => {
    const jobs = new WorkQueue(stack, 'Jobs');
    jobs.onExhausted(aFunction(stack, 'FailJob', ['DEAD_LETTERS']), 'DEAD_LETTERS');
  });
  const queues = template.findResources('AWS::SQS::Queue');
  const named = (part: RegExp) => Object.entries(queues).find(([id]) => part.test(id)) ?? [];
  const [exhaustedId, exhausted] = named(/^JobsExhausted/);
  const [deadLettersId] = named(/^JobsDeadLetters/);
  const [, jobs] = named(/^JobsQueue/);

  test('goes to the queue in between, and from there to the dead letters', () => {
    expect(jobs?.Properties.RedrivePolicy.deadLetterTargetArn).toEqual({
      'Fn::GetAtt': [exhaustedId, 'Arn'],
    });
    expect(exhausted?.Properties.RedrivePolicy.deadLetterTargetArn).toEqual({
      'Fn::GetAtt': [deadLettersId, 'Arn'],
    });
  });

  test('is kept longer by each queue on its way', () => {
    const kept = [jobs, exhausted, queues[deadLettersId ?? '']].map(
      (queue) => queue?.Properties.MessageRetentionPeriod,
    );

    expect(kept).toEqual([4, 9, 14].map((days) => days * 24 * 60 * 60));
  });

  test('can be forwarded by the consumer', () => {
    expect(allowed(template)).toContainEqual({
      actions: ['sqs:SendMessage'],
      resource: { 'Fn::GetAtt': [deadLettersId, 'Arn'] },
    });
  });
});

test('an alarm reaches the topic when it goes off and when it clears', () => {
  const template = templateOf((stack) => {
    new WorkQueue(stack, 'Jobs', { alarmTopic: new Topic(stack, 'Alarms'), maxBacklog: 100 });
  });

  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    OKActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 100,
  });
});

describe('a mistake is an error before anything is deployed', () => {
  const jobs = () => new WorkQueue(emptyStack(), 'Jobs');

  test('a second consumer', () => {
    const queue = jobs();
    queue.consumeWith(aFunction(queue, 'One'));

    expect(() => queue.consumeWith(aFunction(queue, 'Two'))).toThrow(
      'Alone/Jobs: the queue has a consumer already',
    );
  });

  test.each([
    ['a large batch without a window', { batchSize: 11 }, 'needs a maxBatchingWindow'],
    ['a concurrency of one', { maxConcurrency: 1 }, 'not between 2 and 1000'],
    ['a window of ten minutes', { maxBatchingWindow: Duration.minutes(10) }, 'longer than 300 seconds'],
  ])('%s', (_, options, message) => {
    const queue = jobs();

    expect(() => queue.consumeWith(aFunction(queue, 'Worker'), options)).toThrow(message);
  });

  test('more concurrency than the function has reserved', () => {
    const queue = jobs();
    const worker = aFunction(queue, 'Worker', [], { reservedConcurrency: 5 });

    expect(() => queue.consumeWith(worker, { maxConcurrency: 10 })).toThrow('it would be throttled');
  });

  test('a retention as long as that of the dead letters', () => {
    expect(() => new WorkQueue(emptyStack(), 'Jobs', { retention: Duration.days(14) })).toThrow(
      'shorter than the 14 days',
    );
  });

  test('a receive count of zero', () => {
    expect(() => new WorkQueue(emptyStack(), 'Jobs', { maxReceiveCount: 0 })).toThrow(
      'not between 1 and 1000',
    );
  });
});
