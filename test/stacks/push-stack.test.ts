import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WEBHOOK_ATTEMPTS } from '../../lambdas/domain/webhook-retries.ts';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const stack = imageApp({ context: { target: 'local' } }).node.findChild('Push');
if (!Stack.isStack(stack)) throw new Error('Push is no stack');
const template = Template.fromStack(stack);

const policiesOn = (table: RegExp): string[] =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([, policy]) => table.test(JSON.stringify(policy)))
    .map(([id]) => id.replace(/RoleDefaultPolicy.*/, ''))
    .toSorted();

test('scenarios find the WebSocket, and operators the queues', () => {
  expect(Object.keys(template.findOutputs('*'))).toEqual(
    expect.arrayContaining(['WebSocketUrl', 'JobWebhooksQueueUrl', 'JobWebhooksDeadLettersUrl']),
  );
});

test('only who sends webhooks reads their secrets', () => {
  expect(policiesOn(/"Webhooks[0-9A-F]{8}"/)).toEqual(['SendJobWebhook']);
});

test('only who pushes posts to connections', () => {
  expect(policiesOn(/execute-api:ManageConnections/)).toEqual(['PushJobChange']);
});

test('changes and webhooks come one at a time for each job, and a webhook as often as its retries need', () => {
  template.allResourcesProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
  template.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    DeduplicationScope: 'messageGroup',
    RedrivePolicy: { maxReceiveCount: WEBHOOK_ATTEMPTS },
    // Six times the minute that its consumer may take.
    VisibilityTimeout: 360,
  });
});

test('connections and webhooks are forgotten by themselves', () => {
  template.allResourcesProperties('AWS::DynamoDB::Table', {
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
});
