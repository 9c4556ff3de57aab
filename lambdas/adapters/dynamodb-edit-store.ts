import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Edit, EditStore } from '../domain/edits.ts';
import { Operation } from '../messages/operations.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** An edit as it lies in the table. A sequence number has more digits than a number in JavaScript: it is kept as text. */
const StoredEdit = z.object({
  imageId: z.string(),
  n: z.int().min(1),
  editId: z.string(),
  sequenceNumber: z.string().regex(/^\d+$/).transform(BigInt),
  operation: Operation,
  appliedAt: z.string(),
});

/** Edits in a DynamoDB table with the partition key `imageId` and the sort key `n`. The first with a number stays. */
export const dynamoDbEditStore = (table: string): EditStore => ({
  async last(imageId) {
    const [edit] = await query(table, imageId, { after: 0, limit: 1, newestFirst: true });
    return edit;
  },

  async append({ sequenceNumber, ...edit }) {
    const command = new PutCommand({
      TableName: table,
      Item: { ...edit, sequenceNumber: String(sequenceNumber) },
      ConditionExpression: 'attribute_not_exists(imageId)',
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },

  list: (imageId, page) => query(table, imageId, { ...page, newestFirst: false }),
});

const query = async (
  table: string,
  imageId: string,
  { after, limit, newestFirst }: { after: number; limit: number; newestFirst: boolean },
): Promise<readonly Edit[]> => {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'imageId = :imageId AND n > :after',
      ExpressionAttributeValues: { ':imageId': imageId, ':after': after },
      ScanIndexForward: !newestFirst,
      ConsistentRead: true,
      Limit: limit,
    }),
  );
  return z.array(StoredEdit).parse(Items ?? []);
};
