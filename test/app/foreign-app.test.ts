import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { OutputsFile } from '../../scenarios/app/outputs.ts';
import { until } from '../../scenarios/app/until.ts';
import { deployedOutputs, freePort, killClouds, startCloud } from '../support/cloud-process.ts';
import { synthesizeForeignApp } from '../support/foreign-app.ts';

let directory: string;
let endpoint: string;
let outputs: OutputsFile;
let clients: { dynamodb: DynamoDBClient; kinesis: KinesisClient; s3: S3Client; sqs: SQSClient };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-foreign-'));
  const assembly = join(directory, 'cdk.out');
  const data = join(directory, 'data');
  await synthesizeForeignApp(assembly);
  const port = await freePort();
  await startCloud(data, port, assembly);
  endpoint = `http://127.0.0.1:${port}`;
  outputs = await deployedOutputs(data);
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  clients = {
    dynamodb: new DynamoDBClient(config),
    kinesis: new KinesisClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sqs: new SQSClient(config),
  };
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await killClouds();
  await rm(directory, { recursive: true, force: true });
});

const output = (stack: string, name: string): string => outputs[stack]?.[name] ?? '';

const Booked = z.object({ id: z.string(), secret: z.string() });
const Shown = z.object({ events: z.array(z.string()) });

const book = async (size: string): Promise<z.output<typeof Booked>> => {
  const response = await fetch(`${output('parcel-door', 'RestUrl')}parcels`, {
    method: 'POST',
    body: JSON.stringify({ size }),
  });
  expect(response.status).toBe(201);
  return Booked.parse(await response.json());
};

const eventsOf = async (id: string): Promise<string[]> => {
  const response = await fetch(`${output('parcel-door', 'RestUrl')}parcels/${id}`);
  return response.ok ? Shown.parse(await response.json()).events : [];
};

const read = async (key: string): Promise<string> => {
  const { Body } = await clients.s3.send(
    new GetObjectCommand({ Bucket: output('parcel-store', 'PapersBucket'), Key: key }),
  );
  return (await Body?.transformToString()) ?? '';
};

const upload = (key: string, Body: string) =>
  clients.s3.send(new PutObjectCommand({ Bucket: output('parcel-store', 'PapersBucket'), Key: key, Body }));

const bodiesIn = async (QueueUrl: string): Promise<string[]> => {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
  );
  return Messages.map(({ Body = '' }) => Body);
};

test('REST to a CommonJS function, to a topic, by its filter to a queue, to inline code, to the table', async () => {
  const large = await book('large');
  const small = await book('small');

  const events = await until(
    'the large parcel to be sorted',
    () => eventsOf(large.id),
    (all) => all.includes('sorted'),
  );
  expect(events).toEqual(['booked', 'sorted']);
  expect(await eventsOf(small.id)).toEqual(['booked']);
  const all = (await bodiesIn(output('parcel-work', 'AllUrl'))).map((body): unknown => JSON.parse(body));
  expect(all).toEqual(
    expect.arrayContaining([
      { id: large.id, size: 'large' },
      { id: small.id, size: 'small' },
    ]),
  );
});

test('custom resources: inline code with cfn-response, and a provider with its function', async () => {
  const { id, secret } = await book('small');

  expect(secret).toBe('secret-of-12');
  expect(id).toMatch(/^P10\d\d-/);
  expect(output('parcel-door', 'Summary')).toBe('the-secret/parcel-door/1001');
});

test('a custom resource that asks AWS itself, with the CDK’s own function', async () => {
  expect(await eventsOf('P0')).toEqual(['booked']);
});

test('what conditions, mappings and intrinsics come to', () => {
  expect(output('parcel-store', 'TableName')).toBe('parcels-store');
  expect(output('parcel-work', 'TopicArn')).toMatch(/^arn:aws:sns:us-east-1:000000000000:parcel-work-/);
});

test('a bucket notifies a function and a queue, each of its own prefix', async () => {
  await upload('labels/P7', 'fragile');
  await upload('photos/P7', 'a photo');

  const { Items } = await until(
    'the label to be kept',
    () =>
      clients.dynamodb.send(
        new QueryCommand({
          TableName: output('parcel-store', 'TableName'),
          KeyConditionExpression: 'pk = :id',
          ExpressionAttributeValues: { ':id': { S: 'P7' } },
        }),
      ),
    (found) => found.Count === 1,
  );
  expect(Items).toEqual([{ pk: { S: 'P7' }, sk: { S: 'labelled' }, text: { S: 'fragile' } }]);
  const told = await bodiesIn(output('parcel-store', 'ArrivalsUrl'));
  expect(told.filter((body) => body.includes('photos/P7'))).toHaveLength(1);
  expect(told.filter((body) => body.includes('labels/P7'))).toHaveLength(0);
});

test('files of a deployment to a bucket, and one made of values that only the deployment knows', async () => {
  expect(await read('site/index.html')).toContain('<title>Parcels</title>');
  expect(JSON.parse(await read('site/settings.json'))).toEqual({ table: 'parcels-store', prefix: 'small' });
});

test("a stream's registered consumer drives a function, with enhanced fan-out", async () => {
  const { id } = await book('small');
  for (const place of ['Hamburg', 'Hannover']) {
    await clients.kinesis.send(
      new PutRecordCommand({
        StreamName: output('parcel-work', 'StreamName'),
        PartitionKey: id,
        Data: Buffer.from(place),
      }),
    );
  }

  const events = await until(
    'both sightings',
    () => eventsOf(id),
    ({ length }) => length === 3,
  );
  expect(events.filter((event) => event.startsWith('seen#'))).toHaveLength(2);
});

test('a WebSocket API in CloudFormation’s own resources answers with what its inline function returns', async () => {
  const socket = new WebSocket(output('parcel-door', 'SocketUrl'));
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('open', () => socket.send('hello'));
    socket.on('message', (data) => resolve(String(data)));
    socket.on('error', reject);
  });

  expect(await answer.finally(() => socket.close())).toBe('you said hello');
});

const weigh = async (body: object, headers: object = { 'x-api-key': 'a-key-for-the-desk-alone' }) => {
  const response = await fetch(`${output('parcel-desk', 'DeskUrl')}/weighings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return [response.status, response.headers.get('x-grams'), await response.json()];
};

test('a REST API in CloudFormation’s own resources: key and quota, validator and model, templates and patterns', async () => {
  const parcel = { name: 'a "box"', pieces: [1, 2] };

  expect(await weigh(parcel, {})).toEqual([403, null, { message: 'Forbidden' }]);
  expect(await weigh({ name: 'empty', pieces: [] })).toEqual([
    400,
    null,
    { message: 'Invalid request body' },
  ]);
  expect(await weigh(parcel)).toEqual([200, '200', { name: 'a "box"', grams: 200 }]);
  expect(await weigh({ name: 'heap', pieces: Array(10).fill(1) })).toEqual([
    409,
    null,
    { why: 'TooMany: 10' },
  ]);
  expect(await weigh(parcel)).toEqual([429, null, { message: 'Limit Exceeded' }]);
});

test('an authorizer in inline code, and intrinsics in one another', async () => {
  const ask = async (authorization: string) => {
    const response = await fetch(`${output('parcel-desk', 'DeskUrl')}/desk`, { headers: { authorization } });
    return [response.status, await response.json()];
  };

  expect(await ask('clerk')).toEqual([200, { who: 'clerk', desk: '7' }]);
  expect(await ask('stranger')).toEqual([401, { message: 'Unauthorized' }]);
  expect(output('parcel-desk', 'Store')).toBe('desk/parcels-store');
});
