import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CustomResource, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { readAssembly } from '../../../local/assembly/assembly.ts';
import { type Deployment, deploy } from '../../../local/deploy.ts';
import { type RunningCloud, startCloud } from '../../../local/start-cloud.ts';

process.env.CDK_VALIDATION = 'false';

let directory: string;
let running: RunningCloud;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'deploy-'));
  running = await startCloud({ port: 0, dataDir: dataDir() });
});
afterEach(async () => {
  await running.close();
  rmSync(directory, { recursive: true, force: true });
});

const dataDir = (): string => {
  const path = join(directory, 'data');
  mkdirSync(path, { recursive: true });
  return path;
};

/** Synthesizes an app and deploys it. */
const deployed = (build: (app: App) => void): Promise<Deployment> => {
  const app = new App({ outdir: mkdtempSync(join(directory, 'cdk.out-')) });
  build(app);
  return deploy(running.cloud, readAssembly(app.synth().directory));
};

class Storage extends Stack {
  readonly uploads = new Bucket(this, 'Uploads', {
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  readonly jobs = new Queue(this, 'Jobs');

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.uploads.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(this.jobs));
  }
}

/** Answers as a custom resource does, whether it is asked directly or through the CDK's provider framework. */
const MAKER = `
exports.handler = async (event) => {
  const Data = { Call: crypto.randomUUID(), Type: event.RequestType, Size: event.ResourceProperties.Size };
  const answer = { PhysicalResourceId: 'made-' + event.LogicalResourceId.slice(0, 4), Data };
  if (event.ResponseURL?.startsWith('http'))
    await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS', ...answer }) });
  return answer;
};`;
const functionOf = (scope: Construct, code: string) =>
  new LambdaFunction(scope, 'Fn', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
  });

test('stacks are deployed in their order, with outputs as cdk deploy writes them and API addresses of this machine', async () => {
  const { outputs, fidelity } = await deployed((app) => {
    const api = new Stack(app, 'Api');
    const storage = new Storage(app, 'Storage');
    const fn = functionOf(api, MAKER);
    storage.jobs.grantSendMessages(fn);
    fn.addEnvironment('JOBS_QUEUE_URL', storage.jobs.queueUrl);
    const rest = new RestApi(api, 'Rest', { deployOptions: { stageName: 'live' } });
    rest.root.addMethod('GET', new LambdaIntegration(fn));
    new CfnOutput(api, 'ApiUrl', { value: rest.url });
    new CfnOutput(api, 'Variable', { value: storage.jobs.queueName });
  });

  const { endpoint } = running;
  expect(Object.keys(outputs)).toEqual(['Storage', 'Api']);
  expect(outputs.Api?.ApiUrl).toMatch(new RegExp(`^${endpoint}/_aws/execute-api/[a-z0-9]+/live/$`));
  expect(outputs.Api?.Variable).toMatch(/^Storage-Jobs.*-[0-9a-f]{8}$/);
  expect(Object.keys(outputs.Storage ?? {})).toContainEqual(
    expect.stringMatching(/^ExportsOutputFnGetAttJobs.*Arn/),
  );
  expect(fidelity.emulated).toMatchObject({
    'AWS::Lambda::Function': 3,
    'AWS::SQS::Queue': 1,
    'Custom::S3BucketNotifications': 1,
  });
  expect(fidelity.notEmulated).toContainEqual({
    type: 'Custom::S3AutoDeleteObjects',
    reason: 'stacks are not deleted on this machine',
    count: 1,
  });
});

test('the same template gives the same names on every start', async () => {
  const build = (app: App) => {
    const { jobs } = new Storage(app, 'Storage');
    new CfnOutput(jobs, 'Name', { value: jobs.queueName });
  };

  expect((await deployed(build)).outputs).toEqual((await deployed(build)).outputs);
});

test('an app that is not supported in part is refused as a whole', async () => {
  const refused = deployed((app) => {
    const stack = new Stack(app, 'Stack');
    new CfnQueue(stack, 'Jobs').addPropertyOverride('Colour', 'red');
    new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, restrictDefaultSecurityGroup: false });
  });

  await expect(refused).rejects.toThrow(
    /Stack\.Jobs \(AWS::SQS::Queue\): property "Colour" is not supported[\s\S]*\(AWS::EC2::InternetGateway\): this resource type is not supported/,
  );
  expect(running.cloud.lambda.functions()).toEqual([]);
});

describe('a custom resource', () => {
  const direct = (size: number) => (app: App) => {
    const stack = new Stack(app, 'Stack');
    const made = new CustomResource(stack, 'Made', {
      serviceToken: functionOf(stack, MAKER).functionArn,
      properties: { Size: size },
    });
    new CfnOutput(stack, 'Made0', {
      value: [made.ref, made.getAttString('Type'), made.getAttString('Call'), made.getAttString('Size')].join(
        ' ',
      ),
    });
  };
  const made = ({ outputs }: Deployment) => outputs.Stack?.Made0;

  test('is made by its function, once: a later start asks again only for other properties', async () => {
    const first = made(await deployed(direct(1)));
    const again = made(await deployed(direct(1)));
    const changed = made(await deployed(direct(2)));

    expect(first).toMatch(/^made-Made Create .* 1$/);
    expect(again).toBe(first);
    expect(changed).toMatch(/^made-Made Update .* 2$/);
  });

  test("is made by the user's function behind the CDK's provider framework", async () => {
    const { outputs } = await deployed((app) => {
      const stack = new Stack(app, 'Stack');
      const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler: functionOf(stack, MAKER) });
      const resource = new CustomResource(stack, 'Made', { serviceToken, properties: { Size: 3 } });
      new CfnOutput(stack, 'Size', { value: resource.getAttString('Size') });
    });

    expect(outputs.Stack).toMatchObject({ Size: '3' });
  });

  test.each([
    [
      'options that name HTTPS and its port',
      `const https = require('https'); const url = require('url');
       exports.handler = (event) => new Promise((done, fail) => {
         const { hostname, path } = url.parse(event.ResponseURL);
         const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'made', Data: { Size: '1' } });
         const headers = { 'content-length': body.length };
         const request = https.request({ hostname, port: 443, path, method: 'PUT', headers }, done);
         request.on('error', fail);
         request.end(body);
       });`,
    ],
    [
      'the address, from an ES module',
      `import { request as ask } from 'node:https';
       export const handler = (event) => new Promise((done, fail) => {
         const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'made', Data: { Size: '1' } });
         ask(event.ResponseURL, { method: 'PUT' }, done).on('error', fail).end(body);
       });`,
    ],
    [
      'cfn-response',
      `import response from 'cfn-response';
       export const handler = async (event, context) =>
         response.send(event, context, response.SUCCESS, { Size: '1' }, 'made');`,
    ],
  ])('may answer by %s', async (_, code) => {
    const { outputs } = await deployed((app) => {
      const stack = new Stack(app, 'Stack');
      const made = new CustomResource(stack, 'Made', { serviceToken: functionOf(stack, code).functionArn });
      new CfnOutput(stack, 'Size', { value: made.getAttString('Size') });
    });

    expect(outputs.Stack).toEqual({ Size: '1' });
  });

  test.each([
    [
      'throws',
      'exports.handler = async () => { throw new Error("no luck"); }',
      'its function failed: .*no luck',
    ],
    ['does not answer', 'exports.handler = async () => undefined', 'without an answer to the ResponseURL'],
    [
      'answers FAILED',
      'exports.handler = async ({ ResponseURL }) => { await fetch(ResponseURL, { method: "PUT", body: JSON.stringify({ Status: "FAILED", Reason: "no room" }) }); }',
      'answered FAILED: no room',
    ],
  ])('whose function %s ends the deployment with its name', async (_, code, message) => {
    const failed = deployed((app) => {
      const stack = new Stack(app, 'Stack');
      new CustomResource(stack, 'Made', { serviceToken: functionOf(stack, code).functionArn });
    });

    await expect(failed).rejects.toThrow(
      new RegExp(`^Stack\\.Made \\(AWS::CloudFormation::CustomResource\\): .*${message}`),
    );
  });
});

test('a bucket deployment copies its files, fills in what only the deployment knows, and removes the rest', async () => {
  const site = join(directory, 'site');
  mkdirSync(site);
  writeFileSync(join(site, 'index.html'), '<h1>hi</h1>');
  let extra = true;
  const build = (app: App) => {
    const stack = new Stack(app, 'Stack');
    const { bucketName } = new Bucket(stack, 'Site');
    const destinationBucket = Bucket.fromBucketName(stack, 'Destination', bucketName);
    const queue = new Queue(stack, 'Jobs');
    const config = Source.jsonData('config.json', { queue: queue.queueName });
    const sources = [Source.asset(site), config, ...(extra ? [Source.data('old.txt', 'old')] : [])];
    new BucketDeployment(stack, 'Deploy', { destinationBucket, sources, destinationKeyPrefix: 'web' });
    new CfnOutput(stack, 'Bucket', { value: destinationBucket.bucketName });
    new CfnOutput(stack, 'Queue', { value: queue.queueName });
  };
  await deployed(build);
  extra = false;

  const { Bucket: bucket = '', Queue: queue } = (await deployed(build)).outputs.Stack ?? {};

  expect(running.cloud.s3.keys(bucket, '')).toEqual(['web/config.json', 'web/index.html']);
  const config = await fetch(`${running.endpoint}/${bucket}/web/config.json`, {
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    },
  });
  expect(await config.json()).toEqual({ queue });
});
