import { Validations } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { imageApp } from '../../lib/image-app.ts';
import { MessagingRules } from '../../lib/policy/messaging-rules.ts';
import { emptyStack } from '../constructs/alone.ts';
import { aHandler, aQueue, aSource } from './resources.ts';
import '../support/no-asset-copies.ts';

/** What a hurried afternoon leaves behind: no dead letters, 30 s of visibility, a grant on everything. */
const brokenStack = () => {
  const stack = emptyStack();
  const queue = aQueue(stack, { visibilityTimeout: 30 });
  aSource(stack, queue.attrArn, aHandler(stack, 30));
  new CfnPolicy(stack, 'Policy', {
    policyName: 'p',
    policyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] },
  });
  return { stack, queue };
};
const found = (pack: MessagingRules, stack: Parameters<MessagingRules['validateScope']>[0]) =>
  pack
    .validateScope(stack)
    .violations.map(({ ruleName }) => ruleName)
    .sort();

test('a queue made by hand is caught, by the name of each rule that it breaks', () => {
  expect(found(new MessagingRules(), brokenStack().stack)).toEqual([
    'Messaging-DeadLettersOutliveSource',
    'Messaging-NoWildcardResource[sqs:*]',
    'Messaging-PartialBatchFailures',
    'Messaging-TlsOnly',
    'Messaging-VisibilityCoversTimeout',
  ]);
});

test('a finding that is acknowledged with a reason is not reported', () => {
  const { stack, queue } = brokenStack();
  Validations.of(queue).acknowledge({ id: 'Messaging-TlsOnly', reason: 'to see that it can be' });

  expect(found(new MessagingRules(), stack)).not.toContain('Messaging-TlsOnly');
});

test.each([new MessagingRules(), new AwsSolutionsChecks()])('the app satisfies the pack $name', (pack) => {
  const app = imageApp({ context: { target: 'local' } });
  app.synth();

  expect(pack.validateScope(app).violations).toEqual([]);
});
