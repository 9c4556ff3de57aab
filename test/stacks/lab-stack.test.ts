import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { labApp } from '../../lib/lab-app.ts';
import { MessagingRules } from '../../lib/policy/messaging-rules.ts';

const app = labApp({ context: { target: 'local' } });
app.synth();

test('the stack of the lab is as it was', () => {
  const stack = app.node.findChild('Lab');
  if (!Stack.isStack(stack)) throw new Error('Lab is no stack');

  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});

test.each([new MessagingRules(), new AwsSolutionsChecks()])('it satisfies the pack $name', (pack) => {
  expect(pack.validateScope(app).violations).toEqual([]);
});
