import { planDeployment } from '../../../local/assembly/plan.ts';
import { findType } from '../../../local/resources/index.ts';
import { assemblyOf, environment, stackOf } from '../assembly/scopes.ts';

const dead = { Type: 'AWS::SQS::Queue' };
const arn = { 'Fn::GetAtt': ['Dead', 'Arn'] };
const lambda = {
  Code: { ZipFile: '' },
  Handler: 'index.handler',
  Role: 'arn:aws:iam::000000000000:role/any',
  Runtime: 'nodejs24.x',
};
const mapping = { FunctionName: 'any', EventSourceArn: arn };
const subscription = { TopicArn: 'arn', Protocol: 'sqs', Endpoint: arn };

const plan = (Type: string, Properties: object) =>
  planDeployment(
    assemblyOf(stackOf({ Resources: { Dead: dead, It: { Type, Properties } } })),
    environment,
    findType,
  );

describe('a value that its service would refuse is named before anything starts', () => {
  test.each([
    ['AWS::SQS::Queue', { VisibilityTimeout: 43_201 }, 'property "VisibilityTimeout": Invalid value'],
    [
      'AWS::SQS::Queue',
      { VisibilityTimeout: 43_201, Colour: 'red' },
      'property "VisibilityTimeout": Invalid value',
    ],
    [
      'AWS::SQS::Queue',
      { FifoQueue: true, QueueName: 'jobs' },
      'property "QueueName": The name of a FIFO queue',
    ],
    ['AWS::SQS::Queue', { DeduplicationScope: 'queue' }, 'property "DeduplicationScope": You can specify'],
    [
      'AWS::SQS::Queue',
      { RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 0 } },
      'property "RedrivePolicy": Value',
    ],
    ['AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 3 } }, 'property "RedrivePolicy": Value'],
    [
      'AWS::SQS::Queue',
      { FifoQueue: true, FifoThroughputLimit: 'perMessageGroupId' },
      'property "FifoThroughputLimit": Invalid value',
    ],
    [
      'AWS::SNS::Subscription',
      { ...subscription, Protocol: 'firehose' },
      'property "Protocol": Invalid option',
    ],
    [
      'AWS::SNS::Subscription',
      { ...subscription, FilterPolicy: { a: [{ like: 'b' }] } },
      'property "FilterPolicy": FilterPolicy: Unrecognized match type like',
    ],
    [
      'AWS::SNS::Subscription',
      { ...subscription, FilterPolicy: '{' },
      'property "FilterPolicy": FilterPolicy',
    ],
    ['AWS::Kinesis::Stream', { ShardCount: 0 }, 'property "ShardCount": Too small'],
    ['AWS::Lambda::EventSourceMapping', { ...mapping, BatchSize: 10_001 }, 'property "BatchSize": Too big'],
    [
      'AWS::Lambda::EventSourceMapping',
      { ...mapping, FilterCriteria: { Filters: [{ Pattern: '{"body":[]}' }] } },
      'property "FilterCriteria.Filters.0.Pattern": Invalid filter pattern definition: a field needs a condition',
    ],
    ['AWS::Lambda::Function', { ...lambda, Timeout: 901 }, 'property "Timeout": Too big'],
    ['AWS::Lambda::Function', { ...lambda, MemorySize: '64' }, 'property "MemorySize": Too small'],
    ['AWS::Lambda::Function', { ...lambda, Handler: undefined }, 'property "Handler" is missing'],
    [
      'AWS::Lambda::Function',
      { ...lambda, Environment: { Variables: { AWS_REGION: 'eu-west-1' } } },
      'property "Environment.Variables.AWS_REGION": Lambda sets this variable itself',
    ],
    [
      'AWS::Lambda::Function',
      { ...lambda, Environment: { Variables: { 'a-b': arn } } },
      'property "Environment.Variables.a-b": Not a name of an environment variable',
    ],
    [
      'AWS::Lambda::EventInvokeConfig',
      { FunctionName: 'any', Qualifier: '$LATEST', MaximumRetryAttempts: 3 },
      'property "MaximumRetryAttempts": Too big',
    ],
    [
      'Custom::Thing',
      { ServiceToken: 'arn:aws:sns:us-east-1:000000000000:topic' },
      'property "ServiceToken": Not a function',
    ],
  ])('%s %j', (type, properties, message) => {
    expect(() => plan(type, properties)).toThrow(`Stack.It (${type}): ${message}`);
  });
});

test.each([
  ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: '5' } }],
  ['AWS::SQS::Queue', { RedrivePolicy: arn, QueueName: arn, VisibilityTimeout: '30' }],
  ['AWS::SQS::Queue', { FifoQueue: 'true', QueueName: 'jobs.fifo', FifoThroughputLimit: 'perQueue' }],
  ['AWS::SNS::Subscription', { ...subscription, FilterPolicy: { a: [arn] } }],
  [
    'AWS::SNS::Subscription',
    { ...subscription, FilterPolicy: { a: { b: ['c'] } }, FilterPolicyScope: 'MessageBody' },
  ],
  ['AWS::Lambda::EventSourceMapping', { ...mapping, MaximumRetryAttempts: -1, BatchSize: '100' }],
  ['AWS::Lambda::Function', { ...lambda, Timeout: '900', Environment: { Variables: { QUEUE_URL: arn } } }],
  ['Custom::Thing', { ServiceToken: arn }],
])('%s %j is let through', (type, properties) => {
  expect(() => plan(type, properties)).not.toThrow();
});
