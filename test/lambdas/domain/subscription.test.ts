import fc from 'fast-check';
import { changeSubscription, endSubscription } from '../../../lambdas/domain/change-subscription.ts';
import { requestSubscription } from '../../../lambdas/domain/request-subscription.ts';
import { CONFIRM_WITHIN_MS, end } from '../../../lambdas/domain/subscription.ts';
import {
  hashOf,
  mayEnd,
  ownsSubscription,
  unsubscribeToken,
} from '../../../lambdas/domain/subscription-tokens.ts';
import type { ConfirmationRequested } from '../../../lambdas/messages/newsletter-messages.ts';
import { clock, NOW, trace } from '../support/jobs.ts';
import { Outbox } from '../support/memory-ports.ts';
import { API_URL, aSubscription, MemorySubscriptions, TOKEN } from '../support/newsletters.ts';

const problem = (name: string) => ({ problem: { type: `urn:problem:serverless-ipc:${name}` } });
const unknown = problem('unknown-subscription');
const at = (ms: number) => ({ now: () => new Date(Date.parse(NOW) + ms) });

describe('asking for a subscription', () => {
  const ask = async (address = 'ann', subscriptions = new MemorySubscriptions()) => {
    const confirmations = new Outbox<ConfirmationRequested>();
    const subscription = await requestSubscription(
      { channel: 'inbox', address, topics: ['news', 'news'] },
      { apiUrl: API_URL, trace },
      { subscriptions, confirmations, allowsWebhook: () => true, clock },
    );
    const [sent] = confirmations.sent;
    if (!sent) throw new Error('nothing was sent');
    return { subscription, subscriptions, sent };
  };

  test('asks the address, with a token that is kept as its hash only', async () => {
    const { subscription, subscriptions, sent } = await ask('Ann');

    expect(sent.data).toMatchObject({ subscriptionId: subscription.id, address: 'ann', apiUrl: API_URL });
    expect(subscription).toMatchObject({ status: 'pending', tokenHash: hashOf(sent.data.token) });
    expect(JSON.stringify([...subscriptions.stored])).not.toContain(sent.data.token);
    expect(subscription.topics).toEqual(['news']);
  });

  test('leaves what the address has confirmed before as it is', async () => {
    const known = aSubscription();
    const { subscriptions, subscription } = await ask('ann', new MemorySubscriptions(known));

    expect(subscriptions.get(known.id)).toEqual(known);
    expect(subscription.id).not.toBe(known.id);
  });

  test('is refused for a webhook where nothing may be sent to', async () => {
    const asked = requestSubscription(
      { channel: 'webhook', address: 'https://10.0.0.1/', topics: ['news'] },
      { apiUrl: API_URL, trace },
      {
        subscriptions: new MemorySubscriptions(),
        confirmations: new Outbox<ConfirmationRequested>(),
        allowsWebhook: () => false,
        clock,
      },
    );

    await expect(asked).rejects.toMatchObject({ problem: { errors: [{ pointer: '#/address' }] } });
  });
});

describe('a subscription', () => {
  const pending = aSubscription({
    status: 'pending',
    seq: 1,
    expiresAt: Date.parse(NOW) + CONFIRM_WITHIN_MS,
  });

  test('is confirmed by the token that was sent to its address, and again without effect', async () => {
    const subscriptions = new MemorySubscriptions(pending);
    const ports = { subscriptions, clock };

    const confirmed = await changeSubscription(pending.id, { token: TOKEN }, ports);
    const again = await changeSubscription(pending.id, { token: TOKEN }, ports);

    expect(confirmed).toMatchObject({ status: 'confirmed', seq: 2, topics: ['news'] });
    expect(confirmed).not.toHaveProperty('expiresAt');
    expect(again).toEqual(confirmed);
  });

  test('gets other topics by the same token', async () => {
    const subscriptions = new MemorySubscriptions(aSubscription());

    await changeSubscription(pending.id, { token: TOKEN, topics: ['alerts'] }, { subscriptions, clock });

    expect(subscriptions.get(pending.id).topics).toEqual(['alerts']);
  });

  describe('of an address that has another', () => {
    const earlier = aSubscription({ id: '33333333-3333-4333-8333-333333333333', createdAt: '2025-01-01' });
    const later = aSubscription({ id: '44444444-4444-4444-8444-444444444444', createdAt: '2027-01-01' });
    const foreign = aSubscription({ id: '55555555-5555-4555-8555-555555555555', address: 'bob' });

    test('takes the place of what was asked for before', async () => {
      const subscriptions = new MemorySubscriptions(earlier, foreign, pending);

      await changeSubscription(pending.id, { token: TOKEN }, { subscriptions, clock });

      expect(subscriptions.get(earlier.id).status).toBe('ended');
      expect(subscriptions.get(foreign.id).status).toBe('confirmed');
    });

    test('does not take the place of what was asked for later', async () => {
      const subscriptions = new MemorySubscriptions(later, pending);

      await expect(
        changeSubscription(pending.id, { token: TOKEN }, { subscriptions, clock }),
      ).rejects.toMatchObject(problem('subscription-has-ended'));
      expect(subscriptions.get(later.id).status).toBe('confirmed');
    });

    test('is not overtaken by one that has ended and is still listed', async () => {
      const subscriptions = new MemorySubscriptions({ ...later, status: 'ended' }, pending);
      subscriptions.ofAddress = async () => [later];

      await changeSubscription(pending.id, { token: TOKEN }, { subscriptions, clock });

      expect(subscriptions.get(pending.id).status).toBe('confirmed');
    });

    test('of two that are confirmed at the same time one is left', async () => {
      const subscriptions = new MemorySubscriptions(pending, {
        ...pending,
        id: later.id,
        createdAt: later.createdAt,
      });
      const ports = { subscriptions, clock };

      await Promise.allSettled(
        [pending.id, later.id].map((id) => changeSubscription(id, { token: TOKEN }, ports)),
      );

      expect(subscriptions.get(pending.id).status).toBe('ended');
      expect(subscriptions.get(later.id).status).toBe('confirmed');
    });
  });

  test('cannot be confirmed when its time is over', async () => {
    const ports = { subscriptions: new MemorySubscriptions(pending), clock: at(CONFIRM_WITHIN_MS) };

    await expect(changeSubscription(pending.id, { token: TOKEN }, ports)).rejects.toMatchObject(unknown);
  });

  test.each(['ended', 'gone'] as const)('that is %s is not brought back by its token', async (status) => {
    const ports = { subscriptions: new MemorySubscriptions(aSubscription({ status })), clock };

    await expect(changeSubscription(pending.id, { token: TOKEN }, ports)).rejects.toMatchObject(
      problem('subscription-has-ended'),
    );
  });

  test('is held against what another writer has written meanwhile', async () => {
    const subscriptions = new MemorySubscriptions(pending);
    subscriptions.beforeReplace = () => {
      subscriptions.beforeReplace = () => {};
      subscriptions.stored.set(pending.id, end(pending, 'ended', clock.now()));
    };

    await expect(
      changeSubscription(pending.id, { token: TOKEN }, { subscriptions, clock }),
    ).rejects.toMatchObject(problem('subscription-has-ended'));
  });

  test.each([
    ['its own', TOKEN],
    ['that of its unsubscribe link', unsubscribeToken(pending)],
  ])('ends by a token, %s, as often as it is shown', async (_whose, token) => {
    const subscriptions = new MemorySubscriptions(aSubscription());

    await endSubscription(pending.id, token, { subscriptions, clock });
    await endSubscription(pending.id, token, { subscriptions, clock });

    expect(subscriptions.get(pending.id)).toMatchObject({ status: 'ended', seq: 3 });
  });

  test('an unsubscribe link does not confirm or change anything', async () => {
    const ports = { subscriptions: new MemorySubscriptions(pending), clock };

    await expect(
      changeSubscription(pending.id, { token: unsubscribeToken(pending), topics: ['x'] }, ports),
    ).rejects.toMatchObject(unknown);
  });

  test('is the same unknown one to everybody without its token, whether it exists or not', async () => {
    const ports = { subscriptions: new MemorySubscriptions(pending), clock };
    const attempts = [pending.id, '99999999-9999-4999-8999-999999999999', 'no id', 'x'.repeat(5000)];

    for (const id of attempts) {
      await expect(changeSubscription(id, { token: 'guessed' }, ports)).rejects.toMatchObject(unknown);
      await expect(endSubscription(id, 'guessed', ports)).rejects.toMatchObject(unknown);
    }
  });
});

test('nothing but the right token opens a subscription', () => {
  const subscription = aSubscription();

  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (guess) => {
      fc.pre(guess !== TOKEN && guess !== unsubscribeToken(subscription));

      expect(ownsSubscription(subscription, guess)).toBe(false);
      expect(mayEnd(subscription, guess)).toBe(false);
      expect(mayEnd(undefined, guess)).toBe(false);
    }),
  );
  expect(ownsSubscription(subscription, TOKEN)).toBe(true);
  expect(ownsSubscription(undefined, TOKEN)).toBe(false);
});
