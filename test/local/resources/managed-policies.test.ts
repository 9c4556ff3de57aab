import { PolicyEngine } from '../../../local/iam/policy-engine.ts';
import { iamRole } from '../../../local/resources/iam-role.ts';
import { managedPolicy } from '../../../local/resources/managed-policies.ts';

const ROLE = 'arn:aws:iam::000000000000:role/app';
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

test.each([
  ['AmazonSQSFullAccess', 'sqs:SendMessage', 'sqs:PurgeQueue', 'sns:Publish'],
  ['AmazonS3ReadOnlyAccess', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
  ['AmazonDynamoDBReadOnlyAccess', 'dynamodb:Query', 'dynamodb:DescribeTable', 'dynamodb:PutItem'],
  ['AmazonKinesisReadOnlyAccess', 'kinesis:GetRecords', 'kinesis:ListShards', 'kinesis:PutRecord'],
  ['service-role/AWSLambdaRole', 'lambda:InvokeFunction', 'lambda:InvokeFunction', 'lambda:ListFunctions'],
])('a role with %s may %s and %s, but not %s', (name, one, another, refused) => {
  const engine = new PolicyEngine('000000000000');
  engine.putRole(ROLE, {});
  engine.attachPolicy(ROLE, managed(name), managedPolicy(engine, managed(name)));
  const ask = (action: string) => () =>
    engine.authorize({ kind: 'role', roleArn: ROLE, session: 'app' }, action, 'arn:aws:any:::thing');

  expect(ask(one)).not.toThrow();
  expect(ask(another)).not.toThrow();
  expect(ask(refused)).toThrow(`is not authorized to perform: ${refused}`);
  expect(engine.unusedGrants()).toEqual([]);
});

test('a role with a policy of AWS that is not known is told as such', () => {
  const ManagedPolicyArns = [managed('AmazonSQSFullAccess'), managed('AmazonEC2FullAccess')];

  expect(iamRole.limits?.(iamRole.properties.parse({ ManagedPolicyArns }))).toEqual([
    { property: 'ManagedPolicyArns', reason: 'AmazonEC2FullAccess is not known here and grants nothing' },
  ]);
});
