import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { labApp } from '../../lib/lab-app.ts';
import { MessagingRules } from '../../lib/policy/messaging-rules.ts';

const app = labApp({ context: { target: 'local' } });
app.synth();

const templateOf = () => {
  const stack = app.node.findChild('Lab');
  if (!Stack.isStack(stack)) throw new Error('Lab is no stack');
  return Template.fromStack(stack).toJSON();
};

test('the stack of the lab is as it was', () => {
  expect(templateOf()).toMatchSnapshot();
});

test('nothing is left behind when it is destroyed', () => {
  expect(JSON.stringify(templateOf())).not.toContain('Retain');
});

test.each([new MessagingRules(), new AwsSolutionsChecks()])('it satisfies the pack $name', (pack) => {
  expect(pack.validateScope(app).violations).toEqual([]);
});
