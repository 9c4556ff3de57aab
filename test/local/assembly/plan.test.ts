import { z } from 'zod';
import { planDeployment } from '../../../local/assembly/plan.ts';
import { type ResourceType, resourceType } from '../../../local/resources/resource-type.ts';
import { assemblyOf, environment, stackOf } from './scopes.ts';

const queue = resourceType({
  type: 'AWS::SQS::Queue',
  attributes: ['Arn'],
  properties: z.strictObject({
    QueueName: z.string().optional(),
    VisibilityTimeout: z.number().optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
      .optional(),
    Target: z.union([z.strictObject({ Arn: z.string() }), z.strictObject({ Name: z.string() })]).optional(),
  }),
  create: async () => ({ ref: 'queue', attributes: { Arn: 'arn' } }),
});
const types = new Map<string, ResourceType>([[queue.type, queue]]);
const findType = (type: string) => types.get(type);

const plan = (...stacks: Parameters<typeof assemblyOf>) =>
  planDeployment(assemblyOf(...stacks), environment, findType);
const oneQueue = (Properties: object, others: object = {}) =>
  stackOf({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties }, ...others } });
const dead = { Dead: { Type: 'AWS::SQS::Queue' } };

test('everything that is not known is named in one list, and nothing is planned', () => {
  const first = oneQueue(
    { KmsDataKeyReusePeriodSeconds: 1, VisibilityTimeout: 'long' },
    { Vpc: { Type: 'AWS::EC2::VPC' }, Odd: { Type: 'AWS::SQS::Queue', UpdatePolicy: {} } },
  );
  const second = stackOf(
    { Resources: { Next: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nothing' } } } } },
    'Second',
  );

  expect(() => plan(first, second)).toThrow(
    [
      '5 problems in the templates, nothing was created:',
      'Stack.Jobs (AWS::SQS::Queue): property "VisibilityTimeout": Invalid input: expected number, received string',
      'Stack.Jobs (AWS::SQS::Queue): property "KmsDataKeyReusePeriodSeconds" is not supported.',
      '  Supported properties: docs/local-cloud.md#aws-sqs-queue',
      'Stack.Vpc (AWS::EC2::VPC): this resource type is not supported.',
      'Stack.Odd (AWS::SQS::Queue): resource attribute "UpdatePolicy" is not supported',
      'Second.Next (AWS::SQS::Queue): property "QueueName": refers to "Nothing", which is not in the template',
      '  Supported types: docs/local-cloud.md',
    ].join('\n'),
  );
});

describe('before its resources exist, a value is judged by what is known of it', () => {
  const arn = { 'Fn::GetAtt': ['Dead', 'Arn'] };

  test.each([
    ['a value that a resource will tell', { QueueName: { Ref: 'Dead' } }],
    ['one deep in an object', { RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 5 } }],
    ['one in a union', { Target: { Arn: arn } }],
  ])('%s is let through', (_, properties) => {
    expect(plan(oneQueue(properties, dead))[0]?.resources).toHaveLength(2);
  });

  test.each([
    [
      'an unknown property beside it',
      { RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 5, x: 1 } },
      'property "RedrivePolicy.x" is not supported',
    ],
    [
      'a missing property beside it',
      { RedrivePolicy: { deadLetterTargetArn: arn } },
      'property "RedrivePolicy.maxReceiveCount" is missing',
    ],
    ['an unknown property that holds it', { Mystery: arn }, 'property "Mystery" is not supported'],
    [
      'a union with an unknown property',
      { Target: { Arn: arn, Colour: 'red' } },
      'property "Target.Colour" is not supported',
    ],
  ])('%s is refused', (_, properties, message) => {
    expect(() => plan(oneQueue(properties, dead))).toThrow(message);
  });
});

test('resources come after what they refer to, however they refer to it', () => {
  const stack = stackOf({
    Resources: {
      A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': 'x-$' + '{B.Arn}' } } },
      B: { Type: 'AWS::SQS::Queue', DependsOn: 'C' },
      C: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['', [{ Ref: 'D' }]] } } },
      D: { Type: 'AWS::SQS::Queue' },
    },
  });

  expect(plan(stack)[0]?.resources.map(({ logicalId }) => logicalId)).toEqual(['D', 'C', 'B', 'A']);
});

test('a cycle is named all the way round', () => {
  const stack = stackOf({
    Resources: {
      A: { Type: 'AWS::SQS::Queue', DependsOn: 'B' },
      B: { Type: 'AWS::SQS::Queue', DependsOn: 'A' },
    },
  });

  expect(() => plan(stack)).toThrow('Stack: resources depend on each other: A -> B -> A');
});

test('outputs make no resource wait', () => {
  const stack = stackOf({
    Resources: { A: { Type: 'AWS::SQS::Queue' }, B: { Type: 'AWS::SQS::Queue', DependsOn: 'A' } },
    Outputs: { Last: { Value: { Ref: 'B' } } },
  });

  expect(plan(stack)[0]?.resources.at(-1)?.dependencies).toEqual(new Set(['A']));
});

describe('stacks', () => {
  const exporting = stackOf(
    { Resources: dead, Outputs: { Url: { Value: { Ref: 'Dead' }, Export: { Name: 'dead-url' } } } },
    'Exporting',
  );

  test.each([
    ['an import', { 'Fn::ImportValue': 'dead-url' }],
    ['a weak reference', { 'Fn::GetStackOutput': { StackName: 'Exporting', OutputName: 'Url' } }],
  ])('come after those that they take from by %s', (_, QueueName) => {
    const stacks = plan(oneQueue({ QueueName }), exporting).map(({ stack }) => stack.name);

    expect(stacks).toEqual(['Exporting', 'Stack']);
  });

  test('that import what nobody exports are refused', () => {
    expect(() => plan(oneQueue({ QueueName: { 'Fn::ImportValue': 'gone' } }))).toThrow(
      'Stack: no stack exports "gone"',
    );
  });

  test('that a transform would change are refused', () => {
    const stack = stackOf({ Transform: 'AWS::Serverless-2016-10-31', Resources: dead });

    expect(() => plan(stack)).toThrow('Stack: transform AWS::Serverless-2016-10-31 is not supported');
  });
});

test('what a condition keeps out is not planned, and may not be referred to', () => {
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
  const conditional = { Jobs: { Type: 'AWS::SQS::Queue', Condition: 'Never' } };

  expect(plan(stackOf({ Conditions, Resources: conditional }))[0]?.resources).toEqual([]);
  const Resources = {
    ...conditional,
    B: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Jobs' } } },
  };
  expect(() => plan(stackOf({ Conditions, Resources }))).toThrow(
    'refers to "Jobs", whose condition does not hold',
  );
});

describe('what a resource does not have is asked for in vain, and named before anything starts', () => {
  test.each([
    ['Fn::GetAtt', { QueueName: { 'Fn::GetAtt': ['Dead', 'StreamArn'] } }],
    ['a dotted Fn::GetAtt', { QueueName: { 'Fn::GetAtt': 'Dead.StreamArn' } }],
    ['Fn::Sub', { QueueName: { 'Fn::Sub': `a-\${Dead.StreamArn}` } }],
    [
      'one deep in other intrinsics',
      { QueueName: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Dead', 'StreamArn'] }]] } },
    ],
  ])('an attribute, by %s', (_, properties) => {
    expect(() => plan(oneQueue(properties, dead))).toThrow(
      'Stack.Jobs (AWS::SQS::Queue): property "QueueName": attribute "StreamArn" of "Dead" (AWS::SQS::Queue) is not supported. It has: Arn',
    );
  });

  test('an attribute, in an output', () => {
    const Outputs = { Where: { Value: { 'Fn::GetAtt': ['Dead', 'StreamArn'] } } };

    expect(() => plan(stackOf({ Resources: dead, Outputs }))).toThrow(
      'Stack.Where (output): attribute "StreamArn" of "Dead" (AWS::SQS::Queue) is not supported. It has: Arn',
    );
  });

  test('a resource that another one depends on', () => {
    expect(() =>
      plan(stackOf({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', DependsOn: 'Ghost' } } })),
    ).toThrow('Stack.Jobs (AWS::SQS::Queue): depends on "Ghost", which is not in the template');
  });
});

test('a name that two stacks export is refused: which of them is meant would be chance', () => {
  const Outputs = { Url: { Value: 'here', Export: { Name: 'shop:Url' } } };

  expect(() =>
    plan(stackOf({ Resources: dead, Outputs }, 'First'), stackOf({ Resources: dead, Outputs }, 'Second')),
  ).toThrow('Second: export "shop:Url" is already one of stack "First"');
});

test('two outputs of which the conditions leave one may export one name', () => {
  const output = (Condition: string) => ({ Value: Condition, Condition, Export: { Name: 'shop:Url' } });
  const Conditions = { Here: { 'Fn::Equals': ['a', 'a'] }, There: { 'Fn::Equals': ['a', 'b'] } };
  const Outputs = { One: output('Here'), Other: output('There') };

  expect(() => plan(stackOf({ Resources: dead, Conditions, Outputs }))).not.toThrow();
});
