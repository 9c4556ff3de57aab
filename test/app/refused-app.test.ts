import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const start = resolve(import.meta.dirname, '../../bin/start.ts');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'refused-app-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const writeAssembly = (Resources: object): string => {
  const assembly = join(directory, 'cdk.out');
  mkdirSync(assembly);
  const artifact = { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.template.json' } };
  writeFileSync(
    join(assembly, 'manifest.json'),
    JSON.stringify({ version: '48.0.0', artifacts: { Shop: artifact } }),
  );
  writeFileSync(join(assembly, 'Shop.template.json'), JSON.stringify({ Resources }));
  return assembly;
};

const startWith = (assembly: string): Promise<{ code: unknown; stdout: string; stderr: string }> =>
  new Promise((settle) => {
    const options = ['--port', '0', '--data', join(directory, 'data'), '--assembly', assembly];
    execFile(process.execPath, ['--no-warnings', start, ...options], (error, stdout, stderr) =>
      settle({ code: error?.code, stdout, stderr }),
    );
  });

const fn = (properties: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: 'exports.handler = async () => {}' },
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/any',
    Runtime: 'nodejs24.x',
    ...properties,
  },
});

test('everything that does not run here is named in one list, and nothing is started', async () => {
  const assembly = writeAssembly({
    Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{}' } },
    Orders: { Type: 'AWS::SQS::Queue', Properties: { Colour: 'red' } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    Snake: fn({ Runtime: 'python3.13' }),
    Layered: fn({ Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:any:1'] }),
    Boxed: fn({ PackageType: 'Image' }),
    Secret: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: '{{resolve:ssm:/shop/name}}' } },
    Included: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Transform': { Name: 'Any' } } } },
    Fine: { Type: 'AWS::SQS::Queue' },
  });

  const { code, stdout, stderr } = await startWith(assembly);

  expect(code).toBe(1);
  expect(stdout).not.toContain('Ready');
  expect(existsSync(join(directory, 'data/outputs.json'))).toBe(false);
  expect(stderr.split('\n')).toEqual([
    'npm start: 8 problems in the templates, nothing was created:',
    'Shop.Flow (AWS::StepFunctions::StateMachine): this resource type is not supported.',
    'Shop.Orders (AWS::SQS::Queue): property "Colour" is not supported.',
    '  Supported properties: docs/local-cloud.md#aws-sqs-queue',
    'Shop.Table (AWS::DynamoDB::Table): property "StreamSpecification" is not supported.',
    '  Supported properties: docs/local-cloud.md#aws-dynamodb-table',
    'Shop.Snake (AWS::Lambda::Function): property "Runtime": python3.13 is not supported, only Node.js runs here',
    'Shop.Layered (AWS::Lambda::Function): property "Layers" is not supported for nodejs24.x',
    expect.stringMatching(/^Shop\.Boxed \(AWS::Lambda::Function\): property "PackageType"/),
    'Shop.Secret (AWS::SNS::Topic): property "DisplayName": dynamic reference {{resolve:ssm:/shop/name}} is not supported',
    'Shop.Included (AWS::SQS::Queue): property "QueueName": intrinsic function Fn::Transform is not supported',
    '  Supported types: docs/local-cloud.md',
    '',
  ]);
});
