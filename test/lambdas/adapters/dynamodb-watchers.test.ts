import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { clock, NOW } from '../support/jobs.ts';
import { connectionsTable, startTable, type Table, webhooksTable } from '../support/table.ts';

let table: Table;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const watchersOf = async (name: string) =>
  (await import('../../../lambdas/adapters/dynamodb-watchers.ts')).dynamoDbWatchers(name, clock);
const watchers = async () => watchersOf(await table.create(connectionsTable));
const webhooksOf = async (name: string) =>
  (await import('../../../lambdas/adapters/dynamodb-job-webhooks.ts')).dynamoDbJobWebhooks(name, clock);

const itemsOf = async (TableName: string) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const { Items } = await client.send(new ScanCommand({ TableName }));
  client.destroy();
  return Items;
};

describe('watchers', () => {
  test('are found by their job, and begin with nothing told', async () => {
    const all = await watchers();
    await all.add('job-1', 'one');
    await all.add('job-1', 'two');
    await all.add('job-2', 'one');

    expect(await all.of('job-1')).toEqual([
      { connectionId: 'one', seq: 0 },
      { connectionId: 'two', seq: 0 },
    ]);
  });

  test('keep their place when they ask to watch again, and never go back', async () => {
    const all = await watchers();
    await all.add('job-1', 'one');

    expect(await all.told('job-1', 'one', 2)).toBe(true);
    expect(await all.told('job-1', 'one', 2)).toBe(false);
    expect(await all.told('job-1', 'one', 1)).toBe(false);
    await all.add('job-1', 'one');

    expect(await all.of('job-1')).toEqual([{ connectionId: 'one', seq: 2 }]);
  });

  test('that have gone are not brought back by what they are told', async () => {
    const all = await watchers();
    await all.add('job-1', 'one');
    await all.remove('job-1', 'one');

    expect(await all.told('job-1', 'one', 1)).toBe(false);
    expect(await all.of('job-1')).toEqual([]);
  });

  test('of a connection are forgotten with it, whatever they have watched', async () => {
    const all = await watchers();
    for (const job of ['job-1', 'job-2']) for (const one of ['one', 'two']) await all.add(job, one);

    await all.removeConnection('one');

    expect(await all.of('job-1')).toMatchObject([{ connectionId: 'two' }]);
    expect(await all.of('job-2')).toMatchObject([{ connectionId: 'two' }]);
  });

  test('end by themselves after the longest time that a connection can last', async () => {
    const name = await table.create(connectionsTable);
    await (await watchersOf(name)).add('job-1', 'one');

    expect(await itemsOf(name)).toMatchObject([{ expiresAt: Date.parse(NOW) / 1000 + 7200 }]);
  });
});

describe('the webhook of a job', () => {
  const webhook = { jobId: 'job-1', url: 'https://example.com', secret: 'whsec_c2VjcmV0', seq: 0 };

  test('is read as it was written, until it is removed', async () => {
    const webhooks = await webhooksOf(await table.create(webhooksTable));
    await webhooks.add(webhook);
    const found = await webhooks.find('job-1');

    await webhooks.remove('job-1');

    expect(found).toEqual(webhook);
    expect(await webhooks.find('job-1')).toBeUndefined();
  });

  test('keeps how far it has got, never goes back, and is not brought back', async () => {
    const webhooks = await webhooksOf(await table.create(webhooksTable));
    await webhooks.add(webhook);
    await webhooks.delivered('job-1', 2);
    await webhooks.delivered('job-1', 1);
    await webhooks.delivered('job-2', 1);

    expect(await webhooks.find('job-1')).toMatchObject({ seq: 2 });
    expect(await webhooks.find('job-2')).toBeUndefined();
  });

  test('ends by itself after 30 days', async () => {
    const name = await table.create(webhooksTable);
    await (await webhooksOf(name)).add(webhook);

    expect(await itemsOf(name)).toMatchObject([{ expiresAt: Date.parse(NOW) / 1000 + 30 * 86_400 }]);
  });
});
