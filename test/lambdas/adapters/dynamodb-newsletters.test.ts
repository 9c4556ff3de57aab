import type { Mail } from '../../../lambdas/domain/newsletter-ports.ts';
import { confirm, end, type Subscription } from '../../../lambdas/domain/subscription.ts';
import { clock, NOW } from '../support/jobs.ts';
import { anIssue, aSubscription, byId, inboxesTable, subscriptionsTable } from '../support/newsletters.ts';
import { startTable, type Table } from '../support/table.ts';

let table: Table;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const PAGE_SIZE = 3;

const subscriptionStore = async (...stored: Subscription[]) => {
  const { dynamoDbSubscriptions } = await import('../../../lambdas/adapters/dynamodb-subscriptions.ts');
  const store = dynamoDbSubscriptions(await table.create(subscriptionsTable), PAGE_SIZE);
  for (const one of stored) await store.add(one);
  return store;
};

const inboxes = async () => {
  const { dynamoDbInboxes } = await import('../../../lambdas/adapters/dynamodb-inboxes.ts');
  return dynamoDbInboxes(await table.create(inboxesTable));
};

const mail = (change: Partial<Mail> = {}): Mail => ({
  address: 'ann',
  messageId: `${NOW}_issue-1`,
  type: 'newsletter.issue',
  receivedAt: NOW,
  subject: 'News',
  body: 'There are some.',
  subscriptionId: 's-1',
  headers: { 'List-Unsubscribe': '<link>' },
  links: { unsubscribe: 'link' },
  ...change,
});

describe('subscriptions', () => {
  const pending = aSubscription({ status: 'pending', seq: 1, expiresAt: Date.parse(NOW) });

  test('are read as they were written', async () => {
    const store = await subscriptionStore(pending);

    expect(await store.find(pending.id)).toEqual(pending);
    expect(await store.find('another')).toBeUndefined();
  });

  test('that are added again, because the first answer was lost, are there once; what has moved on is not written over', async () => {
    const store = await subscriptionStore(pending);
    await store.add(pending);
    const again = await store.find(pending.id);
    await store.replace(confirm(pending, undefined));

    await expect(store.add(pending)).rejects.toThrow();
    expect(again).toEqual(pending);
    expect(await store.find(pending.id)).toEqual(confirm(pending, undefined));
  });

  test('are found by channel, topic and address only while they are confirmed', async () => {
    const confirmed = confirm(pending, undefined);
    const store = await subscriptionStore(pending, aSubscription({ id: 'other', topics: ['alerts'] }));
    const found = async () => ({
      receiving: (await store.receiving('inbox', 'news')).subscriptions.map(({ id }) => id),
      ofAddress: (await store.ofAddress('inbox', 'ann')).map(({ id }) => id).toSorted(),
    });

    const before = await found();
    await store.replace(confirmed);
    const between = await found();
    await store.replace(end(confirmed, 'ended', clock.now()));

    expect(before).toEqual({ receiving: [], ofAddress: ['other'] });
    expect(between).toEqual({ receiving: [pending.id], ofAddress: [pending.id, 'other'] });
    expect(await found()).toEqual(before);
    expect(await store.receiving('webhook', 'alerts')).toEqual({ subscriptions: [], next: undefined });
  });

  test('of a topic are read page by page, also from behind one that has ended meanwhile', async () => {
    const stored = Array.from({ length: 10 }, (_, n) =>
      aSubscription({ id: `s-${n}`, topics: [n % 2 === 0 ? 'news' : 'alerts'] }),
    );
    const store = await subscriptionStore(...stored);

    const found: string[] = [];
    let sizes = 0;
    let after: string | undefined;
    do {
      const page = await store.receiving('inbox', 'news', after);
      found.push(...page.subscriptions.map(({ id }) => id));
      sizes = Math.max(sizes, page.subscriptions.length);
      const last = stored.find(({ id }) => id === page.next);
      if (last) await store.replace(end(last, 'ended', clock.now()));
      after = page.next;
    } while (after !== undefined);

    expect(found).toEqual(['s-0', 's-2', 's-4', 's-6', 's-8']);
    expect(sizes).toBeLessThan(PAGE_SIZE);
  });

  test('of two writers who have read the same state, one is told to read again', async () => {
    const store = await subscriptionStore(pending);

    const written = await Promise.all([
      store.replace(confirm(pending, undefined)),
      store.replace(end(pending, 'ended', clock.now())),
    ]);

    expect(written.toSorted()).toEqual([false, true]);
  });
});

describe('an inbox', () => {
  test('has the same mail once, however often it is delivered', async () => {
    const store = await inboxes();

    await store.deliver([mail(), mail()]);
    await store.deliver([mail()]);

    expect(await store.list('ann', { limit: 10 })).toEqual({ mail: [mail()] });
    expect(await store.list('bob', { limit: 10 })).toEqual({ mail: [] });
  });

  test('takes more mail than fits one call, and shows it newest first, page by page', async () => {
    const store = await inboxes();
    const ids = Array.from({ length: 60 }, (_, n) => `${NOW}_${String(n).padStart(2, '0')}`);
    await store.deliver(ids.map((messageId) => mail({ messageId })));

    const shown: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list('ann', { limit: 25, cursor });
      shown.push(...page.mail.map(({ messageId }) => messageId));
      cursor = page.cursor;
    } while (cursor !== undefined);

    expect(shown).toEqual(ids.toReversed());
  });

  test('refuses a cursor of another inbox, or of nobody', async () => {
    const store = await inboxes();
    await store.deliver(['a', 'b'].map((messageId) => mail({ messageId })));
    const { cursor } = await store.list('ann', { limit: 1 });

    await expect(store.list('bob', { limit: 1, cursor })).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(store.list('ann', { limit: 1, cursor: 'made up' })).rejects.toMatchObject({
      problem: { status: 400 },
    });
  });
});

test('a receipt is there once it was given', async () => {
  const { dynamoDbReceipts } = await import('../../../lambdas/adapters/dynamodb-receipts.ts');
  const receipts = dynamoDbReceipts(await table.create(byId), clock);

  const before = await receipts.has('w-1');
  await receipts.add('w-1');
  await receipts.add('w-1');

  expect([before, await receipts.has('w-1'), await receipts.has('w-2')]).toEqual([false, true, false]);
});

test('an alert that comes twice is kept once', async () => {
  const { DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb');
  const { dynamoDbAlerts } = await import('../../../lambdas/adapters/dynamodb-alerts.ts');
  const TableName = await table.create(byId);
  const alerts = dynamoDbAlerts(TableName);

  await alerts.keep(anIssue);
  await alerts.keep(anIssue);

  const { Items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName }));
  expect(Items.map(({ id }) => id?.S)).toEqual(['issue-1']);
});
