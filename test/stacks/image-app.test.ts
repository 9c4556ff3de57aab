import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const app = imageApp({ context: { target: 'local' } });
app.synth();
const templateOf = (from: App, id: string): Template => {
  const stack = from.node.findChild(id);
  if (!Stack.isStack(stack)) throw new Error(`${id} is no stack`);
  return Template.fromStack(stack);
};
const template = (id: string): Template => templateOf(app, id);
const [storage, worker, api] = [template('Storage'), template('ImageWorker'), template('ImageApi')];

/** The hash of the code says nothing of the template, and changes with every line of a handler. */
const withoutHashes = (text: string): string => text.replaceAll(/[0-9a-f]{64}/g, 'HASH');

test.each(['Storage', 'ImageWorker', 'Feedback', 'Activity', 'Edits', 'Newsletter', 'Push', 'ImageApi'])(
  'the stack %s is as it was',
  (id) => {
    const text = withoutHashes(JSON.stringify(template(id).toJSON()));

    expect(JSON.parse(text)).toMatchSnapshot();
  },
);

test('the address of the API is an output under the name ApiUrl', () => {
  api.hasOutput('ApiUrl', { Value: Match.anyValue() });
});

test('scenarios find queues, topic, functions and buckets among the outputs', () => {
  const names = [storage, worker].flatMap((one) => Object.keys(one.findOutputs('*')));

  expect(names).toEqual(
    expect.arrayContaining([
      'JobsQueueUrl',
      'JobsDeadLettersUrl',
      'JobEventsTopicArn',
      'ProcessImageFunctionName',
      'AuditBucketName',
    ]),
  );
});

test('nothing has a name of its own: two copies of the app can live in one account', () => {
  const named = [
    'QueueName',
    'TopicName',
    'TableName',
    'BucketName',
    'FunctionName',
    'RoleName',
    'AlarmName',
  ];
  const resources = [storage, worker, api].flatMap((one) =>
    Object.values<{ Type: string; Properties: object }>(one.toJSON().Resources),
  );
  const withNames = resources
    .filter(({ Type }) => !/EventSourceMapping|Permission/.test(Type))
    .filter(({ Properties }) => named.some((name) => name in Properties));

  expect(withNames).toEqual([]);
});

test('jobs can be restored, are paid by request and listed by owner', () => {
  storage.hasResourceProperties('AWS::DynamoDB::Table', {
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      Match.objectLike({
        IndexName: 'byOwner',
        KeySchema: [
          { AttributeName: 'owner', KeyType: 'HASH' },
          { AttributeName: 'createdAt', KeyType: 'RANGE' },
        ],
      }),
    ],
  });
});

test('the worker has a whole CPU, one image at a time, and six times its 30 seconds before another tries', () => {
  worker.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1769, Timeout: 30 });
  worker.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: 10 },
  });
  worker.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 180 });
});

test('the worker writes where nothing triggers it', () => {
  const statements = Object.values(worker.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const writes = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));

  expect(writes.map(({ Resource }) => JSON.stringify(Resource).match(/\/(\w+)\/\*/)?.[1]).sort()).toEqual([
    'events',
    'results',
  ]);
});

test('the job events go to two subscribers, each with dead letters of its own', () => {
  worker.resourceCountIs('AWS::SNS::Subscription', 2);
  worker.allResourcesProperties('AWS::SNS::Subscription', {
    RawMessageDelivery: true,
    RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
  });
});

test('an edit that fails is alone in its batch, and holds up its image for three times its 30 seconds', () => {
  const edits = template('Edits');

  edits.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  edits.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    VisibilityTimeout: 30,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 3 }),
  });
});

test('job events, applied edits and newsletters reach the activity stream, each by a subscription with dead letters', () => {
  const activity = template('Activity');

  activity.resourceCountIs('AWS::SNS::Subscription', 3);
  activity.allResourcesProperties('AWS::SNS::Subscription', {
    RawMessageDelivery: true,
    RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
  });
});

test('images pass the door as bytes, and nothing else does', () => {
  api.hasResourceProperties('AWS::ApiGateway::RestApi', {
    BinaryMediaTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff'],
  });
});

test('production keeps its data when its stacks go', () => {
  const production = imageApp({ context: { target: 'local', stage: 'prod' } });
  production.synth();

  templateOf(production, 'Storage').allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  templateOf(production, 'Storage').allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
});

test('whoever is named is told of every alarm', () => {
  const watched = imageApp({ context: { target: 'local', alarmEmail: 'on-call@example.com' } });
  watched.synth();

  for (const id of ['Storage', 'ImageWorker']) {
    templateOf(watched, id).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.anyValue(),
    });
  }
  templateOf(watched, 'Storage').hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'on-call@example.com',
  });
});
