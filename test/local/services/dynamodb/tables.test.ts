import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Storage, startStorage } from '../s3/storage.ts';

const ROLE = 'arn:aws:iam::000000000000:role/worker';
const TABLE = {
  TableName: 'Jobs',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['id', 'owner', 'createdAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOwner',
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'createdAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
const job = { id: { S: '42' }, owner: { S: 'ann' }, createdAt: { S: '2026-01-01' }, seq: { N: '1' } };

const dynamoClient = (
  { endpoint }: Storage,
  credentials = { accessKeyId: 'test', secretAccessKey: 'test' },
) => new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });

let storage: Storage;
let client: DynamoDBClient;

beforeEach(async () => {
  storage = await startStorage();
  await storage.dynamodb.createTable(TABLE);
  client = dynamoClient(storage);
});

afterEach(async () => {
  client.destroy();
  await storage.close();
});

const moveOn = (to: number) =>
  client.send(
    new UpdateItemCommand({
      TableName: 'Jobs',
      Key: { id: job.id },
      UpdateExpression: 'SET seq = :to',
      ConditionExpression: 'seq < :to',
      ExpressionAttributeValues: { ':to': { N: String(to) } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );

test('a table is active at once, and made sure of without losing its items', async () => {
  await client.send(new PutItemCommand({ TableName: 'Jobs', Item: job }));

  const arn = await storage.dynamodb.createTable(TABLE);

  const { Item } = await client.send(new GetItemCommand({ TableName: 'Jobs', Key: { id: job.id } }));
  expect(arn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/Jobs');
  expect(Item).toEqual(job);
});

test('a table whose keys have changed is not silently kept', async () => {
  const refused = storage.dynamodb.createTable({
    TableName: 'Jobs',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'owner', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
  });

  await expect(refused).rejects.toThrow('--fresh');
});

test('a condition that fails leaves the item, and shows it when asked', async () => {
  await client.send(new PutItemCommand({ TableName: 'Jobs', Item: job }));
  await moveOn(3);

  const late = moveOn(2);

  await expect(late).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { ...job, seq: { N: '3' } },
  });
});

test('an index finds items by its own keys', async () => {
  await client.send(new PutItemCommand({ TableName: 'Jobs', Item: job }));

  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'Jobs',
      IndexName: 'byOwner',
      KeyConditionExpression: '#owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': { S: 'ann' } },
    }),
  );

  expect(Items).toEqual([job]);
});

test('a role may do what it is granted, on the table and on the index apart', async () => {
  const statement = {
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Jobs',
  };
  storage.iam.putRole(ROLE, { Read: { Version: '2012-10-17', Statement: [statement] } });
  const worker = dynamoClient(storage, storage.iam.credentialsFor(ROLE, 'worker'));

  const read = worker.send(new GetItemCommand({ TableName: 'Jobs', Key: { id: job.id } }));
  const write = worker.send(new PutItemCommand({ TableName: 'Jobs', Item: job }));
  const query = worker.send(
    new QueryCommand({
      TableName: 'Jobs',
      IndexName: 'byOwner',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': job.id },
    }),
  );

  await Promise.allSettled([read, write, query]);
  await expect(read).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  await expect(write).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('dynamodb:PutItem'),
  });
  await expect(query).rejects.toThrow('table/Jobs/index/byOwner');
  worker.destroy();
});

test('what is not implemented is refused by name', async () => {
  const transaction = client.send(
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'Jobs', Item: job } }] }),
  );

  await expect(transaction).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('TransactWriteItems'),
  });
});

test('a time to live is accepted', async () => {
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };

  const answer = await client.send(
    new UpdateTimeToLiveCommand({ TableName: 'Jobs', TimeToLiveSpecification }),
  );

  expect(answer).toMatchObject({ TimeToLiveSpecification });
});

test('items are there again after a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const before = await startStorage({ dataDir });
  await before.dynamodb.createTable(TABLE);
  const writer = dynamoClient(before);
  await writer.send(new PutItemCommand({ TableName: 'Jobs', Item: job }));
  writer.destroy();
  await before.close();

  const after = await startStorage({ dataDir });
  const reader = dynamoClient(after);
  const { Item } = await reader.send(new GetItemCommand({ TableName: 'Jobs', Key: { id: job.id } }));

  expect(Item).toEqual(job);
  reader.destroy();
  await after.close();
  await rm(dataDir, { recursive: true });
});
