import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const oneOrMore = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const Policy = z.object({
  Roles: z.array(z.unknown()),
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.string(), Action: oneOrMore, Resource: oneOrMore })),
  }),
});

const app = imageApp({ context: { target: 'local', kafka: true } });
app.synth();

const Reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((of) => of['Fn::GetAtt'].join('.')),
  z
    .object({ 'Fn::GetStackOutput': z.object({ StackName: z.string(), OutputName: z.string() }) })
    .transform(({ 'Fn::GetStackOutput': { StackName, OutputName } }) => `${StackName}:${OutputName}`),
]);
const Join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/** An ARN as a person reads it: `<Jobs.Arn>/index/byOwner`. */
const written = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const join = Join.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(written).join(join.data['Fn::Join'][0]);
  const reference = Reference.safeParse(value);
  return reference.success ? `<${reference.data}>` : JSON.stringify(value);
};

/** Every statement of every role of a stack, a line for each action on a resource. */
const statementsOf = (stack: Stack): readonly string[] =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => {
    const { Roles, PolicyDocument } = Policy.parse(Properties);
    return PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }) =>
      Roles.flatMap((role) =>
        Action.flatMap((action) =>
          Resource.map((resource) => `${written(role)} ${Effect} ${action} on ${written(resource)}`),
        ),
      ),
    );
  });

const stacks = app.node.children.filter(Stack.isStack);

test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
  'the permissions of %s are as they were',
  (_, stack) => {
    expect(statementsOf(stack).toSorted()).toMatchSnapshot();
  },
);

/**
 * Tracing and descriptions know no resources (Service Authorization Reference). The network interfaces of a consumer of
 * Kafka are made by Lambda in its name, and have no name before (AWS Lambda guide, "Amazon MSK cluster permissions").
 */
const onAnything = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeManagedPrefixLists',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

test('what a role may do it may do with named resources only', () => {
  const statements = stacks.flatMap(statementsOf);

  const onAll = statements.flatMap((line) => line.match(/ Allow (\S+) on \*$/)?.[1] ?? []);

  expect(statements.length).toBeGreaterThan(100);
  expect([...new Set(onAll)].toSorted()).toEqual(onAnything);
});

test('no role may do everything that a service knows', () => {
  const wide = stacks.flatMap(statementsOf).filter((line) => / Allow (\*|\w+:\*) on /.test(line));

  expect(wide).toEqual([]);
});
