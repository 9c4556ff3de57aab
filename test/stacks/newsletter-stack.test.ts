import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WEBHOOK_ATTEMPTS } from '../../lambdas/domain/webhook-retries.ts';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const stack = imageApp({ context: { target: 'local' } }).node.findChild('Newsletter');
if (!Stack.isStack(stack)) throw new Error('Newsletter is no stack');
const template = Template.fromStack(stack);

test('every subscriber of the topic has dead letters of its own, and alerts alone are filtered', () => {
  const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription'));

  expect(
    subscriptions.map(({ Properties }) => JSON.stringify(Properties.FilterPolicy ?? 'all')).toSorted(),
  ).toEqual(['"all"', '"all"', '{"topic":["alerts"]}']);
  template.allResourcesProperties('AWS::SNS::Subscription', {
    RawMessageDelivery: true,
    RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
  });
});

test('webhooks are sent one at a time, and the queue never gives up before the function does', () => {
  const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  const one = mappings.filter(({ Properties }) => Properties.BatchSize === 1);
  const queues = Object.values(template.findResources('AWS::SQS::Queue'));
  const receives = queues.map(({ Properties }) => Properties.RedrivePolicy?.maxReceiveCount ?? 0);

  expect(one).toHaveLength(1);
  expect(Math.max(...receives)).toBeGreaterThan(WEBHOOK_ATTEMPTS);
});

test('subscriptions, mail and receipts are forgotten by themselves', () => {
  const forgetting = template.findResources('AWS::DynamoDB::Table', {
    Properties: { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
  });

  expect(Object.keys(forgetting)).toHaveLength(3);
});
