import { paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Activity, type ActivityCount, minuteOf } from '../domain/activity.ts';
import type { ActivityCounts } from '../domain/activity-ports.ts';
import { documents, unlessRefused } from './documents.ts';

/** How long a count is kept after its minute, in seconds. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** A sequence number has up to 129 digits (Kinesis API, "Record"): padded, text sorts as the numbers do. */
const OFFSET_DIGITS = 129;

const StoredCount = z.object({ minute: z.string(), type: z.string(), total: z.int() });

/**
 * Counts in a DynamoDB table: one item for each minute, type and partition. It holds the offset of the last record that it
 * counts, and grows only by records after that: one conditional write counts them and remembers that they are counted.
 *
 * Records of a batch that go into one item are written at once; where some of them are counted already, one by one.
 */
export const dynamoDbActivityCounts = (table: string): ActivityCounts => ({
  async count(batch) {
    let counted = 0;
    for (const together of Map.groupBy(batch, itemOf).values()) {
      const all = await add(table, together);
      counted += all > 0 || together.length === 1 ? all : await addOneByOne(table, together);
    }
    return counted;
  },

  async read(minutes) {
    const counted = await Promise.all(minutes.map((minute) => readMinute(table, minute)));
    return counted.flat();
  },
});

const seriesOf = ({ type, partition }: Activity): string => `${type}#${partition}`;

const itemOf = (activity: Activity): string => `${minuteOf(activity.at)} ${seriesOf(activity)}`;

const sortable = (offset: string): string => offset.padStart(OFFSET_DIGITS, '0');

/** Those that were counted before stay out; the others go in. */
const addOneByOne = async (table: string, together: readonly Activity[]): Promise<number> => {
  let counted = 0;
  for (const activity of together) counted += await add(table, [activity]);
  return counted;
};

/** Adds records that go into one item, all or none. Returns how many. */
const add = async (table: string, together: readonly Activity[]): Promise<number> => {
  const [first, last] = [together.at(0), together.at(-1)];
  if (!first || !last) return 0;
  const added = await unlessRefused(
    documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { minute: minuteOf(first.at), series: seriesOf(first) },
        UpdateExpression: 'SET #type = :type, #last = :last, expiresAt = :expiresAt ADD #total :count',
        ConditionExpression: 'attribute_not_exists(#last) OR #last < :first',
        ExpressionAttributeNames: { '#type': 'type', '#last': 'lastOffset', '#total': 'total' },
        ExpressionAttributeValues: {
          ':type': first.type,
          ':first': sortable(first.offset),
          ':last': sortable(last.offset),
          ':expiresAt': Math.floor(first.at.getTime() / 1000) + KEPT_SECONDS,
          ':count': together.length,
        },
      }),
    ),
  );
  return added ? together.length : 0;
};

const readMinute = async (table: string, minute: string): Promise<ActivityCount[]> => {
  const totals = new Map<string, number>();
  const pages = paginateQuery(
    { client: documents },
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
