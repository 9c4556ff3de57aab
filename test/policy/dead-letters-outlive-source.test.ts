import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns';
import { NagRuleCompliance } from 'cdk-nag';
import { deadLettersOutliveSource } from '../../lib/policy/rules/dead-letters-outlive-source.ts';
import { aQueue, judged, somethingElse } from './resources.ts';

const day = 24 * 60 * 60;
const withDeadLetters = (kept: number | undefined, keptThere: number | undefined) =>
  judged(deadLettersOutliveSource, (stack) => {
    const retention = (seconds?: number) =>
      seconds === undefined ? {} : { messageRetentionPeriod: seconds };
    const deadLetters = aQueue(stack, retention(keptThere), 'DeadLetters');
    return aQueue(stack, {
      ...retention(kept),
      redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: 5 },
    });
  });

test('compliant: dead letters kept longer', () => {
  expect(withDeadLetters(undefined, 14 * day)).toBe(NagRuleCompliance.COMPLIANT);
});

test.each([
  ['as long', 14 * day, 14 * day],
  ['shorter', 5 * day, undefined],
  ['both by default', undefined, undefined],
])('non-compliant: dead letters kept %s', (_, kept, keptThere) => {
  expect(withDeadLetters(kept, keptThere)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('non-compliant: no dead letters', () => {
  expect(judged(deadLettersOutliveSource, aQueue)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('compliant: the dead letters of another queue, or of a subscription', () => {
  const ofQueue = judged(deadLettersOutliveSource, (stack) => {
    const deadLetters = aQueue(stack, {}, 'DeadLetters');
    aQueue(stack, { redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: 5 } });
    return deadLetters;
  });
  const ofSubscription = judged(deadLettersOutliveSource, (stack) => {
    const undelivered = aQueue(stack, {}, 'Undelivered');
    new CfnSubscription(stack, 'Subscription', {
      topicArn: new CfnTopic(stack, 'Topic').ref,
      protocol: 'sqs',
      endpoint: 'arn:aws:sqs:us-east-1:000000000000:elsewhere',
      redrivePolicy: { deadLetterTargetArn: undelivered.attrArn },
    });
    return undelivered;
  });

  expect([ofQueue, ofSubscription]).toEqual([NagRuleCompliance.COMPLIANT, NagRuleCompliance.COMPLIANT]);
});

test('not applicable: anything but a queue', () => {
  expect(judged(deadLettersOutliveSource, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
