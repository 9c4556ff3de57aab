import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../domain/ports.ts';
import type { JobWebhooks } from '../domain/push-ports.ts';
import { documents, unlessRefused } from './documents.ts';

/** Longer than any job takes, a redrive from the dead letters included. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

const Stored = z.object({
  jobId: z.string(),
  url: z.string(),
  secret: z.string(),
  seq: z.int(),
  givenUpAt: z.string().optional(),
});

/** In a table with the partition key `jobId`. Items end by themselves (`expiresAt`, in seconds since the epoch). */
export const dynamoDbJobWebhooks = (table: string, clock: Clock): JobWebhooks => ({
  async add(webhook) {
    const expiresAt = Math.floor(clock.now().getTime() / 1_000) + KEPT_SECONDS;
    await documents.send(new PutCommand({ TableName: table, Item: { ...webhook, expiresAt } }));
  },

  async find(jobId) {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { jobId }, ConsistentRead: true }),
    );
    return Item && Stored.parse(Item);
  },

  async delivered(jobId, seq) {
    await unlessRefused(
      documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { jobId },
          UpdateExpression: 'SET seq = :seq REMOVE givenUpAt',
          ConditionExpression: 'seq < :seq',
          ExpressionAttributeValues: { ':seq': seq },
        }),
      ),
    );
  },

  async giveUp(jobId, eventId) {
    await unlessRefused(
      documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { jobId },
          UpdateExpression: 'SET givenUpAt = :eventId',
          ConditionExpression: 'attribute_exists(jobId)',
          ExpressionAttributeValues: { ':eventId': eventId },
        }),
      ),
    );
  },

  async remove(jobId) {
    await documents.send(new DeleteCommand({ TableName: table, Key: { jobId } }));
  },
});
