import { randomUUID } from 'node:crypto';

import {
  inboxOf,
  publishIssue,
  requestSubscription,
  type Subscriber,
  subscribeInbox,
  subscribeWebhook,
} from '../../scenarios/app/newsletters.ts';
import { type Receiver, startReceiver } from '../../scenarios/app/receiver.ts';
import { until } from '../../scenarios/app/until.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

// Functions start cold, many at a time.

let running: TestApp;
let receiver: Receiver;
beforeAll(async () => {
  running = await startTestApp();
  receiver = await startReceiver(running.app);
});
afterAll(async () => {
  await receiver.close();
  await running.close();
});

const ask = (method: string, path: string, body?: unknown) =>
  running.app.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

const issue = { topic: 'news', subject: 'News', body: 'There are some.' };
const subscription = { channel: 'inbox', address: 'ann', topics: ['news'] };
const unknown = '/v1/subscriptions/00000000-0000-4000-8000-000000000000';
const linkLocal = 'http://169.254.169.254/';

describe('refused with a problem that names the field:', () => {
  test.each([
    ['an issue without a body', '/v1/newsletters', { ...issue, body: undefined }, 'body'],
    ['an issue with an empty subject', '/v1/newsletters', { ...issue, subject: '' }, 'subject'],
    ['a topic that is none', '/v1/newsletters', { ...issue, topic: 'No Topic' }, 'topic'],
    ['an issue that is too long', '/v1/newsletters', { ...issue, body: 'x'.repeat(40_000) }, 'body'],
    ['an unknown field', '/v1/newsletters', { ...issue, to: 'all' }, 'to'],
    ['an unknown channel', '/v1/subscriptions', { ...subscription, channel: 'pigeon' }, 'channel'],
    ['no topics', '/v1/subscriptions', { ...subscription, topics: [] }, 'topics'],
    ['topics that are no list', '/v1/subscriptions', { ...subscription, topics: 'news' }, 'topics'],
    ['an inbox that is none', '/v1/subscriptions', { ...subscription, address: 'a/b' }, 'address'],
    [
      'a webhook that is no URL',
      '/v1/subscriptions',
      { ...subscription, channel: 'webhook', address: 'nowhere' },
      'address',
    ],
    [
      'a webhook where the keys of a machine lie',
      '/v1/subscriptions',
      { ...subscription, channel: 'webhook', address: linkLocal },
      'address',
    ],
    ['no JSON', '/v1/subscriptions', '{"channel":', 'JSON'],
  ])('%s', async (_case, path, body, field) => {
    const response = await ask('POST', path, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.text()).toContain(field);
  });

  test.each(['?limit=0', '?limit=many', '?cursor=made-up'])(
    'a page that does not exist: %s',
    async (query) => {
      expect((await ask('GET', `/v1/inboxes/ann/messages${query}`)).status).toBe(400);
    },
  );
});

test('a subscription is unknown to everybody without its token', async () => {
  const { id } = await requestSubscription(running.app, {
    channel: 'inbox',
    address: 'eve',
    topics: ['news'],
  });
  const oneClick = 'List-Unsubscribe=One-Click';

  const answers = await Promise.all(
    [unknown, `/v1/subscriptions/${id}`].flatMap((path) => [
      ask('PATCH', path, { token: 'guessed' }),
      ask('DELETE', `${path}?token=guessed`),
      ask('DELETE', path),
      ask('POST', `${path}/unsubscribe?token=guessed`, oneClick),
    ]),
  );

  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(404));
  expect(new Set(bodies).size).toBe(1);
});

test('an inbox that nothing came to is empty, whatever its name', async () => {
  expect(await inboxOf(running.app, 'nobody+at@example.com')).toEqual([]);
});

describe('an unsubscribe link', () => {
  let ann: Subscriber;
  let link: string;
  beforeAll(async () => {
    ann = await subscribeInbox(running.app, 'ann@example.com', ['links']);
    await publishIssue(running.app, { ...issue, topic: 'links' });
    const mail = await until(
      'the issue',
      async () => (await inboxOf(running.app, ann.address)).find(({ issueId }) => issueId),
      (found) => found !== undefined,
    );
    link = mail?.links.unsubscribe ?? '';
  });

  /** Once another subscriber has an issue, whoever is to have it has it. */
  const stillSubscribed = async (): Promise<boolean> => {
    const bob = await subscribeInbox(running.app, `bob.${randomUUID()}`, ['links']);
    const issueId = await publishIssue(running.app, { ...issue, topic: 'links' });
    const has = async ({ address }: Subscriber) =>
      (await inboxOf(running.app, address)).some((mail) => mail.issueId === issueId);
    await until("the other's copy", () => has(bob), Boolean);
    return has(ann);
  };

  test('that is only followed does not unsubscribe', async () => {
    const followed = [await fetch(link), await fetch(link, { method: 'POST' })];

    expect(followed.every(({ status }) => status >= 400)).toBe(true);
    expect(await stillSubscribed()).toBe(true);
  });

  test.each([
    ['a form', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'a multipart form',
      () => {
        const form = new FormData();
        form.append('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
  ])('that is clicked does, by %s', async (_case, body) => {
    const { status } = await fetch(link, { method: 'POST', body: body() });

    expect(status).toBe(204);
    expect(await stillSubscribed()).toBe(false);
  });
});

test('a webhook that is not taken is tried again after seconds, then after minutes, under the same id', async () => {
  const path = '/busy';
  const attempts = () => receiver.requests.filter((one) => one.path === path).slice(1);
  /** How much time has to be skipped, in seconds, before the receiver has seen so many attempts. */
  const secondsUntil = async (count: number): Promise<number> => {
    let seconds = 0;
    await until(
      `attempt ${count}`,
      async () => {
        if (attempts().length >= count) return true;
        await running.local.skipTime(10_000);
        seconds += 10;
        return false;
      },
      Boolean,
      { everyMs: 300, timeoutMs: 60_000 },
    );
    return seconds;
  };
  await subscribeWebhook(running.app, receiver, path, ['busy']);
  receiver.respond(() => ({ status: 503 }));

  await publishIssue(running.app, { ...issue, topic: 'busy' });
  await until('the first attempt', () => attempts().length, Boolean);
  const waits = [await secondsUntil(2), await secondsUntil(3)];

  expect(waits[0]).toBeLessThan(60);
  expect(waits[1]).toBeGreaterThanOrEqual(250);
  expect(new Set(attempts().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
}, 120_000);
