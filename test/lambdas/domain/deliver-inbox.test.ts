import { deliverConfirmation, deliverIssue } from '../../../lambdas/domain/deliver-inbox.ts';
import { confirmationRequested } from '../../../lambdas/domain/newsletter-events.ts';
import { unsubscribeToken } from '../../../lambdas/domain/subscription-tokens.ts';
import { clock, trace } from '../support/jobs.ts';
import {
  API_URL,
  aPublished,
  aSubscription,
  MemoryContinuations,
  MemoryInboxes,
  MemorySubscriptions,
  TOKEN,
} from '../support/newsletters.ts';

const portsOf = (subscriptions: MemorySubscriptions, inboxes: MemoryInboxes) => ({
  subscriptions,
  inboxes,
  continuations: new MemoryContinuations(),
  clock,
});

const id = (n: number) => `${n}`.repeat(8).concat('-0000-4000-8000-000000000000');

test('each confirmed subscriber to the topic has a copy, one an address, also when the issue comes twice', async () => {
  const subscriptions = new MemorySubscriptions(
    aSubscription({ id: id(1), address: 'ann' }),
    aSubscription({ id: id(2), address: 'ann', topics: ['news', 'more'] }),
    aSubscription({ id: id(3), address: 'bob' }),
    aSubscription({ id: id(4), address: 'eve', topics: ['alerts'] }),
    aSubscription({ id: id(5), address: 'stranger', status: 'pending' }),
    aSubscription({ id: id(6), channel: 'webhook', address: 'https://example.com' }),
  );
  const inboxes = new MemoryInboxes();

  await deliverIssue(aPublished(), portsOf(subscriptions, inboxes));
  await deliverIssue(aPublished(), portsOf(subscriptions, inboxes));

  expect([...inboxes.stored.values()].map(({ address }) => address)).toEqual(['ann', 'bob']);
  expect(inboxes.of('bob')).toMatchObject([{ subject: 'News', issueId: 'issue-1', topic: 'news' }]);
});

test('an issue tells how to unsubscribe by one click (RFC 8058)', async () => {
  const subscription = aSubscription();
  const inboxes = new MemoryInboxes();

  await deliverIssue(aPublished(), portsOf(new MemorySubscriptions(subscription), inboxes));

  const link = `${API_URL}/subscriptions/${subscription.id}/unsubscribe?token=${unsubscribeToken(subscription)}`;
  expect(inboxes.of('ann')).toMatchObject([
    {
      headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      links: { unsubscribe: link },
    },
  ]);
});

test('a question for confirmation has the token, and comes once', async () => {
  const inboxes = new MemoryInboxes();
  const asked = confirmationRequested(aSubscription({ status: 'pending' }), TOKEN, API_URL, trace, clock);

  await deliverConfirmation(asked, { inboxes });
  await deliverConfirmation(asked, { inboxes });

  expect(inboxes.of('ann')).toMatchObject([
    { type: 'subscription.confirmation', token: TOKEN, subscriptionId: aSubscription().id },
  ]);
});
