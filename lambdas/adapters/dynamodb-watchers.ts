import { DeleteCommand, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../domain/ports.ts';
import type { Watchers } from '../domain/push-ports.ts';
import { documents, unlessRefused } from './documents.ts';

/** "Quotas for configuring and running a WebSocket API in API Gateway": a connection lasts two hours at most. */
const LONGEST_CONNECTION_SECONDS = 2 * 60 * 60;

const BY_CONNECTION = 'byConnection';

const Stored = z.object({ connectionId: z.string(), seq: z.int() });
const Keys = z.object({ subject: z.string(), connectionId: z.string() });

/** In a table of `PushChannel`: partition key `subject`, sort key `connectionId`, and the index `byConnection`. */
export const dynamoDbWatchers = (table: string, clock: Clock): Watchers => {
  const remove = async (jobId: string, connectionId: string): Promise<void> => {
    await documents.send(new DeleteCommand({ TableName: table, Key: keyOf(jobId, connectionId) }));
  };
  return {
    remove,

    async add(jobId, connectionId) {
      const expiresAt = Math.floor(clock.now().getTime() / 1_000) + LONGEST_CONNECTION_SECONDS;
      const Item = { ...keyOf(jobId, connectionId), seq: 0, expiresAt };
      await unlessRefused(
        documents.send(
          new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(subject)' }),
        ),
      );
    },

    async of(jobId) {
      const watchers = [];
      const pages = paginateQuery(
        { client: documents },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'subject = :subject',
          ExpressionAttributeValues: { ':subject': subjectOf(jobId) },
        },
      );
      for await (const { Items } of pages) watchers.push(...z.array(Stored).parse(Items ?? []));
      return watchers;
    },

    told: (jobId, connectionId, seq) =>
      unlessRefused(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(jobId, connectionId),
            UpdateExpression: 'SET seq = :seq',
            ConditionExpression: 'seq < :seq',
            ExpressionAttributeValues: { ':seq': seq },
          }),
        ),
      ),

    async removeConnection(connectionId) {
      const pages = paginateQuery(
        { client: documents },
        {
          TableName: table,
          IndexName: BY_CONNECTION,
          KeyConditionExpression: 'connectionId = :connection',
          ExpressionAttributeValues: { ':connection': connectionId },
        },
      );
      for await (const { Items } of pages) {
        const watched = z.array(Keys).parse(Items ?? []);
        await Promise.all(watched.map((Key) => documents.send(new DeleteCommand({ TableName: table, Key }))));
      }
    },
  };
};

const subjectOf = (jobId: string): string => `job:${jobId}`;

const keyOf = (jobId: string, connectionId: string) => ({ subject: subjectOf(jobId), connectionId });
