import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { NagRuleCompliance } from 'cdk-nag';
import { noWildcardResource } from '../../lib/policy/rules/no-wildcard-resource.ts';
import { judged, somethingElse } from './resources.ts';

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const attached = (...statements: object[]) =>
  judged(
    noWildcardResource,
    (stack) => new CfnPolicy(stack, 'Policy', { policyName: 'p', policyDocument: policy(...statements) }),
  );

test.each([
  [
    'a resource with a name',
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:0:jobs' },
  ],
  [
    'objects under a prefix',
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/uploads/*' },
  ],
  [
    'an action that knows no resources',
    { Effect: 'Allow', Action: ['xray:PutTraceSegments'], Resource: '*' },
  ],
  ['a denial of everything', { Effect: 'Deny', Action: '*', Resource: '*' }],
])('compliant: %s', (_, statement) => {
  expect(attached(statement)).toBe(NagRuleCompliance.COMPLIANT);
});

test('non-compliant: each action that is allowed on everything is a finding', () => {
  const statement = { Effect: 'Allow', Action: ['kinesis:*', 'sqs:SendMessage'], Resource: ['*'] };

  expect(attached(statement)).toEqual(['kinesis:*', 'sqs:SendMessage']);
});

test('non-compliant: a policy inside a role', () => {
  const findings = judged(
    noWildcardResource,
    (stack) =>
      new CfnRole(stack, 'Role', {
        assumeRolePolicyDocument: policy(),
        policies: [
          {
            policyName: 'p',
            policyDocument: policy({ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' }),
          },
        ],
      }),
  );

  expect(findings).toEqual(['sns:Publish']);
});

test('not applicable: anything but a policy or a role', () => {
  expect(judged(noWildcardResource, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
