import { planDeployment } from '../../../local/assembly/plan.ts';
import { findType } from '../../../local/resources/index.ts';
import { assemblyOf, environment, stackOf } from '../assembly/scopes.ts';

const queue = { Type: 'AWS::SQS::Queue' };
const statement = (others: object) => ({ Effect: 'Allow', Action: 'sqs:*', Resource: '*', ...others });
const role = (...Statement: unknown[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }] },
});
const queuePolicy = (...Statement: unknown[]) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: { Statement } },
});
const plan = (Resources: object) =>
  planDeployment(assemblyOf(stackOf({ Resources: { Jobs: queue, ...Resources } })), environment, findType);

const arn = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
const before = { DateLessThan: { 'aws:SourceArn': '2020-01-01T00:00:00Z' } };

test('every statement that would not be enforced is named before anything starts', () => {
  const own = role(
    statement({ Condition: before }),
    statement({ Resource: 'arn:aws:s3:::home/$' + '{aws:username}/*' }),
    statement({ Effect: 'Maybe' }),
    statement({ Resource: arn }),
  );
  const leading = { StringEquals: { 'dynamodb:LeadingKeys': arn } };

  expect(() =>
    plan({ Own: own, Door: queuePolicy(statement({ Principal: '*', Condition: leading }), statement({})) }),
  ).toThrow(
    [
      '5 problems in the templates, nothing was created:',
      'Stack.Own (AWS::IAM::Role): property "Policies": policy condition operator "DateLessThan" is not supported',
      'Stack.Own (AWS::IAM::Role): property "Policies": policy variables are not supported: arn:aws:s3:::home/$' +
        '{aws:username}/*',
      'Stack.Own (AWS::IAM::Role): property "Policies": policy "own" is not understood: Statement.2.Effect: Invalid option: expected one of "Allow"|"Deny"',
      'Stack.Door (AWS::SQS::QueuePolicy): property "PolicyDocument": policy condition key "dynamodb:LeadingKeys" is not supported',
      'Stack.Door (AWS::SQS::QueuePolicy): property "PolicyDocument": Missing required field Principal',
    ].join('\n'),
  );
});

test.each([
  ['a resource', statement({ Resource: arn })],
  ['one of several resources', statement({ Resource: ['arn:aws:s3:::b', arn] })],
  ['a value of a condition', statement({ Condition: { ArnEquals: { 'aws:SourceArn': arn } } })],
  ['all values of an operator', statement({ Condition: { ArnEquals: { 'Fn::GetAtt': ['Jobs', 'Arn'] } } })],
])('%s that only the deployment knows is let through', (_, allowing) => {
  expect(() => plan({ Own: role(allowing) })).not.toThrow();
});
