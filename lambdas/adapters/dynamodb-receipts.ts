import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Receipts } from '../domain/newsletter-ports.ts';
import type { Clock } from '../domain/ports.ts';
import { documents } from './documents.ts';

/** How long a receipt is kept, in seconds: longer than any message lives. */
const KEPT_SECONDS = 15 * 24 * 60 * 60;

/** Receipts in a DynamoDB table with the partition key `id`. */
export const dynamoDbReceipts = (table: string, clock: Clock): Receipts => ({
  async has(id) {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
    );
    return Item !== undefined;
  },

  async add(id) {
    const expiresAt = Math.floor(clock.now().getTime() / 1_000) + KEPT_SECONDS;
    await documents.send(new PutCommand({ TableName: table, Item: { id, expiresAt } }));
  },
});
