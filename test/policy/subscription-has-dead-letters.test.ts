import type { Stack } from 'aws-cdk-lib';
import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns';
import { NagRuleCompliance } from 'cdk-nag';
import { subscriptionHasDeadLetters } from '../../lib/policy/rules/subscription-has-dead-letters.ts';
import { aQueue, judged, somethingElse } from './resources.ts';

const aSubscription = (stack: Stack, protocol: string, redrivePolicy?: unknown): CfnSubscription =>
  new CfnSubscription(stack, 'Subscription', {
    topicArn: new CfnTopic(stack, 'Topic').ref,
    protocol,
    endpoint: 'endpoint',
    ...(redrivePolicy !== undefined && { redrivePolicy }),
  });

const machines = ['sqs', 'lambda', 'firehose', 'http', 'https'];

test.each(machines)('compliant: a subscription by %s that keeps what cannot be delivered', (protocol) => {
  const verdict = judged(subscriptionHasDeadLetters, (stack) =>
    aSubscription(stack, protocol, { deadLetterTargetArn: aQueue(stack).attrArn }),
  );

  expect(verdict).toBe(NagRuleCompliance.COMPLIANT);
});

test.each(machines)('non-compliant: a subscription by %s without dead letters', (protocol) => {
  expect(judged(subscriptionHasDeadLetters, (stack) => aSubscription(stack, protocol))).toBe(
    NagRuleCompliance.NON_COMPLIANT,
  );
});

test('non-compliant: a redrive policy that names no queue', () => {
  expect(judged(subscriptionHasDeadLetters, (stack) => aSubscription(stack, 'sqs', {}))).toBe(
    NagRuleCompliance.NON_COMPLIANT,
  );
});

test('not applicable: what goes to a person, or is no subscription', () => {
  expect(judged(subscriptionHasDeadLetters, (stack) => aSubscription(stack, 'email'))).toBe(
    NagRuleCompliance.NOT_APPLICABLE,
  );
  expect(judged(subscriptionHasDeadLetters, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
