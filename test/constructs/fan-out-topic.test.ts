import { Match } from 'aws-cdk-lib/assertions';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { FanOutTopic } from '../../lib/constructs/fan-out-topic.ts';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';

const subscribed = templateOf((stack) => {
  const events = new FanOutTopic(stack, 'Events');
  events.publishFrom(aFunction(stack, 'Publisher', ['EVENTS_TOPIC_ARN']), 'EVENTS_TOPIC_ARN');
  events.subscribe(new WorkQueue(stack, 'Audits'), {
    raw: true,
    filter: { type: SubscriptionFilter.stringFilter({ allowlist: ['failed'] }) },
  });
  events.subscribe(new WorkQueue(stack, 'Projections'));
});

test('every subscription has dead letters of its own, which only the topic fills', () => {
  const subscriptions = Object.values(subscribed.findResources('AWS::SNS::Subscription'));
  const targets = subscriptions.map(
    ({ Properties }) => Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0],
  );

  expect(new Set(targets).size).toBe(2);
  for (const target of targets) {
    subscribed.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: target }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': { Ref: Match.stringLikeRegexp('^Events') } } },
          }),
        ]),
      },
    });
  }
});

test('a subscriber gets what passes its filter, as it was published', () => {
  subscribed.hasResourceProperties('AWS::SNS::Subscription', {
    RawMessageDelivery: true,
    FilterPolicy: { type: ['failed'] },
  });
});

test('the topic takes nothing without TLS, and is encrypted', () => {
  subscribed.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ],
    },
  });
  subscribed.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
});

test.each(['NumberOfNotificationsFailed', 'NumberOfNotificationsFailedToRedriveToDlq'])(
  'an alarm watches %s',
  (name) => {
    subscribed.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: name,
      Threshold: 1,
      Dimensions: [
        { Name: 'TopicName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Events'), 'TopicName'] } },
      ],
      TreatMissingData: 'notBreaching',
    });
  },
);

test('who may publish is told where in the same call, and may do nothing else with the topic', () => {
  expect(
    allowed(subscribed).filter(({ actions }) => actions.some((action) => action.startsWith('sns:'))),
  ).toEqual([{ actions: ['sns:Publish'], resource: { Ref: expect.stringMatching(/^EventsTopic/) } }]);
});

test('two filters on one subscription are an error', () => {
  const stack = emptyStack();
  const queue = new WorkQueue(stack, 'Audits');

  expect(() => new FanOutTopic(stack, 'Events').subscribe(queue, { filter: {}, bodyFilter: {} })).toThrow(
    'give either filter or bodyFilter',
  );
});
