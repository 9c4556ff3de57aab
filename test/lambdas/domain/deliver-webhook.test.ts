import fc from 'fast-check';
import {
  type DeliverWebhookPorts,
  deliverConfirmation,
  deliverIssue,
  expandIssue,
  type WebhookOutcome,
} from '../../../lambdas/domain/deliver-webhook.ts';
import { confirmationRequested, webhookDue } from '../../../lambdas/domain/newsletter-events.ts';
import { settleWebhook } from '../../../lambdas/domain/settle-webhook.ts';
import { delayAfter, WEBHOOK_ATTEMPTS } from '../../../lambdas/domain/webhook-retries.ts';
import type { WebhookAnswer } from '../../../lambdas/domain/webhook-sender.ts';
import type { WebhookDue } from '../../../lambdas/messages/newsletter-messages.ts';
import { clock, trace } from '../support/jobs.ts';
import {
  API_URL,
  anIssue,
  aPublished,
  aSubscription,
  MemoryContinuations,
  MemorySubscriptions,
  TOKEN,
} from '../support/newsletters.ts';

const hook = aSubscription({ channel: 'webhook', address: 'https://hook.example.com/' });
const due = webhookDue(aPublished(), anIssue, hook.id, clock);

/** A receiver that answers what it is told to, and remembers what it was sent. */
const receiving = (answer: WebhookAnswer, subscription = hook) => {
  const sent: { id: string; body: string; headers?: Readonly<Record<string, string>> }[] = [];
  const receipts = new Set<string>();
  const subscriptions = new MemorySubscriptions(subscription);
  const ports: DeliverWebhookPorts = {
    subscriptions,
    receipts: { has: async (id) => receipts.has(id), add: async (id) => void receipts.add(id) },
    webhooks: {
      send: async (webhook) => {
        sent.push(webhook);
        return answer;
      },
    },
    clock,
  };
  return { ports, sent, subscriptions };
};

describe('an issue', () => {
  test('becomes one message for each webhook that wants it, the same when it comes again', async () => {
    const sent: WebhookDue[] = [];
    const ports = {
      subscriptions: new MemorySubscriptions(
        hook,
        aSubscription({ id: 'other', channel: 'webhook', topics: ['alerts'] }),
        aSubscription({ id: 'inbox' }),
      ),
      queue: { send: async (messages: readonly WebhookDue[]) => void sent.push(...messages) },
      continuations: new MemoryContinuations(),
      clock,
    };

    await expandIssue(aPublished(), ports);
    await expandIssue(aPublished(), ports);

    expect(sent.map(({ id }) => id)).toEqual([`issue-1:${hook.id}`, `issue-1:${hook.id}`]);
    expect(sent.map(({ causationid }) => causationid)).toEqual(['issue-1', 'issue-1']);
  });

  test('is sent once, however often its message is received', async () => {
    const { ports, sent } = receiving('delivered');

    const outcomes = [await deliverIssue(due, ports), await deliverIssue(due, ports)];

    expect(outcomes).toEqual(['delivered', 'delivered']);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      id: `issue-1_${hook.id}`,
      headers: {
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        traceparent: due.traceparent,
        'x-correlation-id': due.correlationid,
      },
    });
  });

  test('that was not taken is sent again under the same id', async () => {
    const { ports, sent } = receiving('retry');

    const outcomes = [await deliverIssue(due, ports), await deliverIssue(due, ports)];

    expect(outcomes).toEqual(['retry', 'retry']);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });

  test('is not sent to who has unsubscribed meanwhile', async () => {
    const { ports, sent } = receiving('delivered', { ...hook, status: 'ended' });

    expect(await deliverIssue(due, ports)).toBe('dropped');
    expect(sent).toEqual([]);
  });

  test('that is answered by 410 ends the subscription', async () => {
    const { ports, sent, subscriptions } = receiving('gone');

    const outcomes = [await deliverIssue(due, ports), await deliverIssue(due, ports)];

    expect(outcomes).toEqual(['dropped', 'dropped']);
    expect(sent).toHaveLength(1);
    expect(subscriptions.get(hook.id).status).toBe('gone');
  });
});

describe('a question for confirmation', () => {
  const pending = { ...hook, status: 'pending' as const, seq: 1 };
  const asked = confirmationRequested(pending, TOKEN, API_URL, trace, clock);

  test('is an event with the token', async () => {
    const { ports, sent } = receiving('delivered', pending);

    expect(await deliverConfirmation(asked, ports)).toBe('delivered');
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      type: 'subscription.confirmation',
      data: { token: TOKEN, links: { confirm: `${API_URL}/subscriptions/${hook.id}` } },
    });
  });

  test('is not asked when it has been answered', async () => {
    const { ports, sent } = receiving('delivered', hook);

    expect(await deliverConfirmation(asked, ports)).toBe('dropped');
    expect(sent).toEqual([]);
  });
});

describe('after an attempt', () => {
  const settled = async (outcome: WebhookOutcome, receiveCount: number) => {
    const hidden: number[] = [];
    const letters: { body: string; cause: Readonly<Record<string, string>> }[] = [];
    const error = await settleWebhook(
      outcome,
      hook.id,
      { messageId: 'm-1', receiptHandle: 'r-1', body: 'the body', receiveCount },
      {
        retries: { hide: async (_handle, seconds) => void hidden.push(seconds) },
        deadLetters: { forward: async (body, cause) => void letters.push({ body, cause }) },
        random: () => 0.5,
      },
    ).catch((thrown: unknown) => thrown);
    return { hidden, letters, failed: error instanceof Error && error.name === 'TryAgainLater' };
  };

  test.each(['delivered', 'dropped'] as const)('%s is the end of it', async (outcome) => {
    expect(await settled(outcome, 1)).toEqual({ hidden: [], letters: [], failed: false });
  });

  test('that failed, the message stays and is hidden until the next', async () => {
    expect(await settled('retry', 2)).toEqual({ hidden: [300], letters: [], failed: true });
  });

  test('that was the last, the message waits with its cause', async () => {
    const { hidden, letters, failed } = await settled('retry', WEBHOOK_ATTEMPTS);

    expect({ hidden, failed }).toEqual({ hidden: [], failed: false });
    expect(letters).toEqual([
      { body: 'the body', cause: expect.objectContaining({ subscriptionId: hook.id, messageId: 'm-1' }) },
    ]);
    expect(letters[0]?.cause.cause).toContain('not taken in 7 attempts');
  });

  test('that was refused, nothing is tried again', async () => {
    expect((await settled('refused', 1)).letters).toHaveLength(1);
  });
});

test('webhooks are tried later and later, never beyond the 12 hours that a message can be hidden', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b) => {
        const attempts = Array.from({ length: WEBHOOK_ATTEMPTS - 1 }, (_, index) => index + 1);
        for (const attempt of attempts) {
          const delay = delayAfter(attempt, a) ?? 0;
          expect(delay).toBeGreaterThan(delayAfter(attempt - 1, b) ?? 0);
          expect(delay).toBeLessThan(12 * 60 * 60);
        }
        expect(delayAfter(WEBHOOK_ATTEMPTS, a)).toBeUndefined();
      },
    ),
  );
});
