import fc from 'fast-check';
import { deliverPage, type IssueMessage } from '../../../lambdas/domain/newsletter-pages.ts';
import type { Subscription } from '../../../lambdas/domain/subscription.ts';
import { clock } from '../support/jobs.ts';
import {
  anIssue,
  aPublished,
  aSubscription,
  MemoryContinuations,
  MemorySubscriptions,
} from '../support/newsletters.ts';

const ids = (page: readonly Subscription[]) => page.map(({ id }) => id);
const subscribed = (count: number, pageSize: number) => {
  const subscriptions = new MemorySubscriptions(
    ...Array.from({ length: count }, (_, n) => aSubscription({ id: `s-${String(n).padStart(3, '0')}` })),
  );
  subscriptions.pageSize = pageSize;
  return subscriptions;
};

test('every subscriber is reached once, with a page for each message and no more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 10 }),
      async (count, pageSize) => {
        const subscriptions = subscribed(count, pageSize);
        const continuations = new MemoryContinuations();
        const pages: string[][] = [];

        const messages: IssueMessage[] = [aPublished()];
        for (const message of messages) {
          await deliverPage(message, 'inbox', async (page) => void pages.push(ids(page)), {
            subscriptions,
            continuations,
            clock,
          });
          messages.push(...continuations.sent.splice(0));
        }

        expect(pages.flat()).toEqual([...subscriptions.stored.keys()]);
        expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(pageSize);
        expect(pages).toHaveLength(messages.length);
      },
    ),
  );
});

test('a page that is handled again goes on with the same message, in the trace of the issue', async () => {
  const continuations = new MemoryContinuations();
  const ports = { subscriptions: subscribed(3, 2), continuations, clock };
  const published = aPublished();

  await deliverPage(published, 'inbox', async () => {}, ports);
  await deliverPage(published, 'inbox', async () => {}, ports);

  const [first, second] = continuations.sent;
  expect(first).toMatchObject({
    id: 'issue-1:after:s-001',
    causationid: published.id,
    correlationid: published.correlationid,
    data: { issue: anIssue, after: 's-001' },
  });
  expect(second).toEqual(first);
});

test('a page that was not delivered sends nothing on: it comes again, and those after it once', async () => {
  const continuations = new MemoryContinuations();
  const ports = { subscriptions: subscribed(3, 2), continuations, clock };
  const failing = async () => {
    throw new Error('no');
  };

  const error = await deliverPage(aPublished(), 'inbox', failing, ports).catch((thrown: unknown) => thrown);

  expect(String(error)).toContain('no');
  expect(continuations.sent).toEqual([]);
});
