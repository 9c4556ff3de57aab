import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { JobStore } from '../domain/ports.ts';
import { cursorsOf } from './cursor.ts';
import { documents } from './documents.ts';
import { movementOf } from './job-movement.ts';
import { StoredJob } from './stored-job.ts';

/** The index over the jobs of one owner by their time; it holds whole jobs. */
const BY_OWNER = 'byOwner';

/** A page of the index ends with the keys of the index and of the table. */
const cursors = cursorsOf(
  z.strictObject({ id: z.string(), owner: z.string(), createdAt: z.string() }),
  ({ owner }) => owner,
);

/** Jobs in a DynamoDB table with the partition key `id`. Each change is one request: the check and the write are one step. */
export const dynamoDbJobStore = (table: string): JobStore => ({
  async add(job) {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: job,
        // The SDK sends again what got no answer: then it is this very job that is there.
        ConditionExpression:
          'attribute_not_exists(id) OR (#owner = :owner AND createdAt = :createdAt AND #seq = :seq)',
        ExpressionAttributeNames: { '#owner': 'owner', '#seq': 'seq' },
        ExpressionAttributeValues: { ':owner': job.owner, ':createdAt': job.createdAt, ':seq': job.seq },
      }),
    );
  },

  async find(id) {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
    );
    return Item && StoredJob.parse(Item);
  },

  async move(id, event) {
    try {
      const { Attributes } = await documents.send(
        new UpdateCommand({ TableName: table, Key: { id }, ReturnValues: 'ALL_NEW', ...movementOf(event) }),
      );
      return { job: StoredJob.parse(Attributes), changed: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const job = await this.find(id);
      return job && { job, changed: false };
    }
  },

  async list(owner, { limit, cursor }) {
    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_OWNER,
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
        ScanIndexForward: false,
        Limit: limit,
        ...(cursor && { ExclusiveStartKey: cursors.decode(cursor, owner) }),
      }),
    );
    const jobs = z.array(StoredJob).parse(Items ?? []);
    return { jobs, ...(LastEvaluatedKey && { cursor: cursors.encode(LastEvaluatedKey) }) };
  },
});
