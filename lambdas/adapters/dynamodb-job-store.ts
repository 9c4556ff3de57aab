import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Job } from '../domain/job.ts';
import type { JobStore } from '../domain/ports.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { StoredJob } from './stored-job.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** The index over the jobs of one owner by their time; it holds whole jobs. */
const BY_OWNER = 'byOwner';

/** Jobs in a DynamoDB table with the partition key `id`. Writes are optimistic: on the condition that `seq` has not moved. */
export const dynamoDbJobStore = (table: string): JobStore => ({
  async add(job) {
    await client.send(
      new PutCommand({ TableName: table, Item: job, ConditionExpression: 'attribute_not_exists(id)' }),
    );
  },

  async find(id) {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
    );
    return Item && StoredJob.parse(Item);
  },

  async replace(job) {
    try {
      await client.send(replacement(table, job));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },

  async list(owner, { limit, cursor }) {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_OWNER,
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
        ScanIndexForward: false,
        Limit: limit,
        ...(cursor && { ExclusiveStartKey: decodeCursor(cursor, owner) }),
      }),
    );
    const jobs = z.array(StoredJob).parse(Items ?? []);
    return { jobs, ...(LastEvaluatedKey && { cursor: encodeCursor(LastEvaluatedKey) }) };
  },
});

const replacement = (table: string, job: Job): PutCommand =>
  new PutCommand({
    TableName: table,
    Item: job,
    ConditionExpression: 'seq = :before',
    ExpressionAttributeValues: { ':before': job.seq - 1 },
  });
