import { GetCommand, PutCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Subscriptions } from '../domain/newsletter-ports.ts';
import { SUBSCRIPTION_STATUSES, type Subscription } from '../domain/subscription.ts';
import { Channel } from '../messages/newsletter-requests.ts';
import { documents, unlessRefused } from './documents.ts';

/** The indexes over confirmed subscriptions: by their channel, and by their address. */
const BY_CHANNEL = 'byChannel';
const BY_ADDRESS = 'byAddress';

/**
 * How many subscriptions of a channel are read for one page, those to other topics included. What one invocation has to
 * do for them, a batch of webhooks or of mails for each, takes a few seconds at the most.
 */
const PAGE_SIZE = 200;

/** What is read is checked, as the table outlives any version of this code. */
const Stored: z.ZodType<Subscription> = z.object({
  id: z.string(),
  channel: Channel,
  address: z.string(),
  topics: z.array(z.string()),
  status: z.enum(SUBSCRIPTION_STATUSES),
  seq: z.int(),
  createdAt: z.string(),
  tokenHash: z.string(),
  secret: z.string(),
  /** DynamoDB forgets items by a time in seconds. */
  expiresAt: z
    .int()
    .transform((seconds) => seconds * 1_000)
    .optional(),
});

/** Where a page ended: a place in the order of the ids, whether or not that subscription is still there. */
const PageEnd = z.object({ id: z.string() }).optional();

const OF_CHANNEL = 'confirmedChannel = :channel';

/** Only confirmed subscriptions have what the indexes are made of: nobody else can be found through them. */
const itemOf = (subscription: Subscription) => ({
  ...subscription,
  expiresAt: subscription.expiresAt && Math.floor(subscription.expiresAt / 1_000),
  ...(subscription.status === 'confirmed' && {
    confirmedChannel: subscription.channel,
    confirmedAddress: addressKey(subscription.channel, subscription.address),
  }),
});

const addressKey = (channel: Channel, address: string): string => `${channel} ${address}`;

/** Subscriptions in a DynamoDB table with the partition key `id`. Writes are optimistic, as those of jobs. */
export const dynamoDbSubscriptions = (table: string, pageSize = PAGE_SIZE): Subscriptions => ({
  async add(subscription) {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: itemOf(subscription),
        // The SDK sends again what got no answer: then it is this very subscription that is there.
        ConditionExpression: 'attribute_not_exists(id) OR (tokenHash = :tokenHash AND seq = :seq)',
        ExpressionAttributeValues: { ':tokenHash': subscription.tokenHash, ':seq': subscription.seq },
      }),
    );
  },

  async find(id) {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
    );
    return Item && Stored.parse(Item);
  },

  replace: (subscription) =>
    unlessRefused(
      documents.send(
        new PutCommand({
          TableName: table,
          Item: itemOf(subscription),
          ConditionExpression: 'seq = :before',
          ExpressionAttributeValues: { ':before': subscription.seq - 1 },
        }),
      ),
    ),

  async receiving(channel, topic, after) {
    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_CHANNEL,
        KeyConditionExpression: after === undefined ? OF_CHANNEL : `${OF_CHANNEL} AND id > :after`,
        FilterExpression: 'contains(topics, :topic)',
        ExpressionAttributeValues: {
          ':channel': channel,
          ':topic': topic,
          ...(after !== undefined && { ':after': after }),
        },
        Limit: pageSize,
      }),
    );
    return { subscriptions: z.array(Stored).parse(Items ?? []), next: PageEnd.parse(LastEvaluatedKey)?.id };
  },

  async ofAddress(channel, address) {
    const all: Subscription[] = [];
    const query = {
      TableName: table,
      IndexName: BY_ADDRESS,
      KeyConditionExpression: 'confirmedAddress = :address',
      ExpressionAttributeValues: { ':address': addressKey(channel, address) },
    };
    for await (const { Items } of paginateQuery({ client: documents }, query))
      all.push(...z.array(Stored).parse(Items ?? []));
    return all;
  },
});
