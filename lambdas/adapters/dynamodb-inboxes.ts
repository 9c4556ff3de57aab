import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Inboxes, Mail } from '../domain/newsletter-ports.ts';
import { pauseBefore } from './backoff.ts';
import { cursorsOf } from './cursor.ts';
import { documents } from './documents.ts';
import { putEntries } from './put-entries.ts';

/** How long mail is kept, in seconds. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** DynamoDB API, "BatchWriteItem": the most items of one call. */
const MOST_PER_CALL = 25;

const Keys = z.strictObject({ address: z.string(), messageId: z.string() });

const cursors = cursorsOf(Keys, ({ address }) => address);

const StoredMail: z.ZodType<Mail> = z.object({
  address: z.string(),
  messageId: z.string(),
  type: z.enum(['newsletter.issue', 'subscription.confirmation']),
  receivedAt: z.string(),
  subject: z.string(),
  body: z.string(),
  topic: z.string().optional(),
  issueId: z.string().optional(),
  subscriptionId: z.string(),
  token: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  links: z.record(z.string(), z.string()),
});

/** Inboxes in a DynamoDB table with the keys `address` and `messageId`: the same mail again takes its own place. */
export const dynamoDbInboxes = (table: string): Inboxes => ({
  async deliver(mail) {
    const once = new Map(mail.map((one) => [keyOf(one), one]));
    const failed = await putEntries([...once.values()], {
      keyOf,
      put: (entries) => putMail(table, entries),
      limit: MOST_PER_CALL,
      attempts: 5,
      pause: pauseBefore,
    });
    const [first] = failed;
    if (first) throw new Error(`${failed.length} of ${once.size} were not delivered: ${first.reason}`);
  },

  async list(address, { limit, cursor }) {
    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'address = :address',
        ExpressionAttributeValues: { ':address': address },
        ScanIndexForward: false,
        Limit: limit,
        ...(cursor && { ExclusiveStartKey: cursors.decode(cursor, address) }),
      }),
    );
    const mail = z.array(StoredMail).parse(Items ?? []);
    return { mail, ...(LastEvaluatedKey && { cursor: cursors.encode(LastEvaluatedKey) }) };
  },
});

const keyOf = ({ address, messageId }: Pick<Mail, 'address' | 'messageId'>): string =>
  `${address} ${messageId}`;

/** What DynamoDB gives back was not written; each entry is known by its keys. */
const putMail = async (table: string, mail: readonly Mail[]): Promise<(string | undefined)[]> => {
  const { UnprocessedItems } = await documents.send(
    new BatchWriteCommand({
      RequestItems: { [table]: mail.map((one) => ({ PutRequest: { Item: itemOf(one) } })) },
    }),
  );
  const unprocessed = new Set(
    (UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => keyOf(Keys.strip().parse(PutRequest?.Item))),
  );
  return mail.map((one) => (unprocessed.has(keyOf(one)) ? 'DynamoDB has not processed it' : undefined));
};

const itemOf = (mail: Mail) => ({
  ...mail,
  expiresAt: Math.floor(Date.parse(mail.receivedAt) / 1_000) + KEPT_SECONDS,
});
