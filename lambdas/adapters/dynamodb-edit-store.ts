import { PutCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Edit, EditStore } from '../domain/edits.ts';
import { Operation } from '../messages/operations.ts';
import { documents, unlessRefused } from './documents.ts';

/** How many edits are read at once by whoever looks back: seldom has an image had more lately. */
const LOOK_BACK = 10;

/** An edit as it lies in the table. A sequence number has more digits than a number in JavaScript: it is kept as text. */
const StoredEdit = z.object({
  imageId: z.string(),
  n: z.int().min(1),
  editId: z.string(),
  requestId: z.string(),
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

  async find(imageId, requestId, since) {
    const pages = paginateQuery(
      { client: documents, pageSize: LOOK_BACK },
      {
        TableName: table,
        KeyConditionExpression: 'imageId = :imageId',
        ExpressionAttributeValues: { ':imageId': imageId },
        ScanIndexForward: false,
        ConsistentRead: true,
      },
    );
    for await (const { Items } of pages) {
      for (const edit of z.array(StoredEdit).parse(Items ?? [])) {
        if (edit.appliedAt < since) return undefined;
        if (edit.requestId === requestId) return edit;
      }
    }
    return undefined;
  },

  async append({ sequenceNumber, ...edit }) {
    const command = new PutCommand({
      TableName: table,
      Item: { ...edit, sequenceNumber: String(sequenceNumber) },
      ConditionExpression: 'attribute_not_exists(imageId)',
    });
    return unlessRefused(documents.send(command));
  },

  list: (imageId, page) => query(table, imageId, { ...page, newestFirst: false }),
});

const query = async (
  table: string,
  imageId: string,
  { after, limit, newestFirst }: { after: number; limit: number; newestFirst: boolean },
): Promise<readonly Edit[]> => {
  const { Items } = await documents.send(
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
