import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Activity, type ActivityCount, minuteOf } from '../domain/activity.ts';
import type { ActivityCounts } from '../domain/activity-ports.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** How long a count is kept after its minute, in seconds. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** A sequence number has up to 129 digits (Kinesis API, "Record"): padded, text sorts as the numbers do. */
const OFFSET_DIGITS = 129;

const StoredCount = z.object({ minute: z.string(), type: z.string(), total: z.int() });

/**
 * Counts in a DynamoDB table: one item for each minute, type and partition. It holds the offset of the last record that it
 * counts, and grows only for one after that: one conditional write counts a record and remembers that it is counted.
 */
export const dynamoDbActivityCounts = (table: string): ActivityCounts => ({
  async count(activity) {
    try {
      await client.send(countOne(table, activity));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },

  async read(minutes) {
    const counted = await Promise.all(minutes.map((minute) => readMinute(table, minute)));
    return counted.flat();
  },
});

const countOne = (table: string, { type, partition, offset, at }: Activity): UpdateCommand =>
  new UpdateCommand({
    TableName: table,
    Key: { minute: minuteOf(at), series: `${type}#${partition}` },
    UpdateExpression: 'SET #type = :type, #last = :offset, expiresAt = :expiresAt ADD #total :one',
    ConditionExpression: 'attribute_not_exists(#last) OR #last < :offset',
    ExpressionAttributeNames: { '#type': 'type', '#last': 'lastOffset', '#total': 'total' },
    ExpressionAttributeValues: {
      ':type': type,
      ':offset': offset.padStart(OFFSET_DIGITS, '0'),
      ':expiresAt': Math.floor(at.getTime() / 1000) + KEPT_SECONDS,
      ':one': 1,
    },
  });

const readMinute = async (table: string, minute: string): Promise<ActivityCount[]> => {
  const totals = new Map<string, number>();
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: '#minute = :minute',
      ExpressionAttributeNames: { '#minute': 'minute' },
      ExpressionAttributeValues: { ':minute': minute },
      ConsistentRead: true,
    },
  );
  for await (const { Items } of pages) {
    for (const { type, total } of z.array(StoredCount).parse(Items ?? [])) {
      totals.set(type, (totals.get(type) ?? 0) + total);
    }
  }
  return [...totals].map(([type, count]) => ({ minute, type, count }));
};
