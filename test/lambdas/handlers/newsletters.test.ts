import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { portOf } from '../support/endpoint.ts';
import { json } from '../support/image-service.ts';
import { byId, inboxesTable, subscriptionsTable } from '../support/newsletters.ts';
import { sqsRecord } from '../support/records.ts';
import { restEvent } from '../support/rest-event.ts';
import { type StubAws, startStubAws } from '../support/stub-aws.ts';
import { startTable, type Table } from '../support/table.ts';

/** Handlers read their environment when they are loaded. */
const load = async () => ({
  publish: (await import('../../../lambdas/publish-newsletter/handler.ts')).handler,
  request: (await import('../../../lambdas/request-subscription/handler.ts')).handler,
  change: (await import('../../../lambdas/change-subscription/handler.ts')).handler,
  end: (await import('../../../lambdas/end-subscription/handler.ts')).handler,
  unsubscribe: (await import('../../../lambdas/unsubscribe/handler.ts')).handler,
  list: (await import('../../../lambdas/list-messages/handler.ts')).handler,
  deliverInbox: (await import('../../../lambdas/deliver-inbox/handler.ts')).handler,
  deliverWebhooks: (await import('../../../lambdas/deliver-webhooks/handler.ts')).handler,
  keepAlert: (await import('../../../lambdas/keep-alert/handler.ts')).handler,
});

let aws: StubAws;
let table: Table;
let handlers: Awaited<ReturnType<typeof load>>;
const received: { body: string; headers: Record<string, string> }[] = [];
let status = 204;
const receiver = createServer(async (request, response) => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  received.push({ body: await text(request), headers });
  response.writeHead(status).end();
});

beforeAll(async () => {
  table = await startTable();
  aws = await startStubAws();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  Object.assign(process.env, {
    SUBSCRIPTIONS_TABLE: await table.create(subscriptionsTable),
    INBOXES_TABLE: await table.create(inboxesTable),
    RECEIPTS_TABLE: await table.create(byId),
    ALERTS_TABLE: await table.create(byId),
    INBOX_DELIVERIES_QUEUE_URL: `${aws.endpoint}/000000000000/inboxes`,
    WEBHOOK_DELIVERIES_QUEUE_URL: `${aws.endpoint}/000000000000/webhooks`,
    WEBHOOK_DEAD_LETTERS_URL: `${aws.endpoint}/000000000000/dead-letters`,
    NEWSLETTERS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:newsletters',
    ALLOW_PRIVATE_WEBHOOKS: 'true',
    AWS_LAMBDA_LOG_LEVEL: 'FATAL',
  });
  handlers = await load();
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await aws.close();
  await table.close();
});
beforeEach(() => {
  aws.sent.length = 0;
  aws.published.length = 0;
  received.length = 0;
  status = 204;
});

const Requested = z.object({ id: z.string(), status: z.string(), secret: z.string().optional() });

const ask = async (channel: string, address: string, topics = ['news']) => {
  const body = JSON.stringify({ channel, address, topics });
  const response = await handlers.request(restEvent({ path: '/v1/subscriptions', body }));
  return { response, subscription: Requested.parse(json(response)), message: aws.sent.at(-1) };
};

const about = (id: string, change: object) =>
  restEvent({ path: `/v1/subscriptions/${id}`, pathParameters: { id }, ...change });

const confirm = (id: string, token: string) =>
  handlers.change(about(id, { body: JSON.stringify({ token }) }));

const Messages = z.object({
  messages: z.array(
    z.object({
      type: z.string(),
      issueId: z.string().optional(),
      token: z.string().optional(),
      links: z.record(z.string(), z.string()),
    }),
  ),
});

const inboxOf = async (address: string) => {
  const path = `/v1/inboxes/${address}/messages`;
  const response = await handlers.list(restEvent({ path, pathParameters: { address } }));
  return Messages.parse(json(response)).messages;
};

const publish = async (topic = 'news'): Promise<string> => {
  const body = JSON.stringify({ topic, subject: 'News', body: 'There are some.' });
  const response = await handlers.publish(restEvent({ path: '/v1/newsletters', body }));
  expect(response.statusCode).toBe(202);
  return aws.published.at(-1)?.get('Message') ?? '';
};

const handled = { batchItemFailures: [] };

test('an inbox is asked, confirms, gets its copy and is let go by one click', async () => {
  const { response, subscription, message } = await ask('inbox', 'Ann@Example.com');
  await handlers.deliverInbox({ Records: [sqsRecord('m-1', message?.MessageBody ?? '')] });
  const [question] = await inboxOf('ann@example.com');

  const confirmed = await confirm(subscription.id, question?.token ?? '');
  const issue = await publish();
  await handlers.deliverInbox({ Records: [sqsRecord('m-2', issue), sqsRecord('m-3', issue)] });
  const [copy, ...rest] = await inboxOf('ann@example.com');
  const link = new URL(copy?.links.unsubscribe ?? '');
  const query = { queryStringParameters: Object.fromEntries(link.searchParams) };
  const click = () =>
    handlers.unsubscribe(about(subscription.id, { ...query, body: 'List-Unsubscribe=One-Click' }));
  const clicked = [await click(), await click()];
  await handlers.deliverInbox({ Records: [sqsRecord('m-4', await publish())] });

  expect(response).toMatchObject({
    statusCode: 202,
    headers: { location: `/live/v1/subscriptions/${subscription.id}` },
  });
  expect(message?.QueueUrl).toMatch(/inboxes$/);
  expect(confirmed.statusCode).toBe(200);
  expect(rest.map(({ type }) => type)).toEqual(['subscription.confirmation']);
  expect(link.pathname).toBe(`/live/v1/subscriptions/${subscription.id}/unsubscribe`);
  expect(clicked.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  expect(await inboxOf('ann@example.com')).toHaveLength(2);
});

test('the answer is the same whether or not the address is known', async () => {
  const known = await ask('inbox', 'known');
  await handlers.deliverInbox({ Records: [sqsRecord('m-1', known.message?.MessageBody ?? '')] });
  const [question] = await inboxOf('known');
  await confirm(known.subscription.id, question?.token ?? '');

  const answers = [await ask('inbox', 'known'), await ask('inbox', 'newly')];

  const alike = answers.map(({ response, subscription }) =>
    JSON.stringify(response)
      .replaceAll(subscription.id, 'ID')
      .replaceAll(/known|newly/g, 'ADDRESS')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/00-[0-9a-f]{32}-[0-9a-f]{16}/g, 'TRACE'),
  );
  expect(alike[0]).toBe(alike[1]);
});

test('a webhook is asked by a signed event, and sent a message of its own', async () => {
  const { subscription, message } = await ask('webhook', `http://127.0.0.1:${portOf(receiver)}/`);
  await handlers.deliverWebhooks({ Records: [sqsRecord('m-1', message?.MessageBody ?? '')] });
  const question = z
    .object({ data: z.object({ token: z.string() }) })
    .parse(JSON.parse(received[0]?.body ?? ''));
  await confirm(subscription.id, question.data.token);
  const due = JSON.stringify({
    ...JSON.parse(await publish()),
    type: 'serverless-ipc.newsletter.webhook-due.v1',
    data: { subscriptionId: subscription.id, issue: JSON.parse(await publish()).data },
  });

  const twice = [
    await handlers.deliverWebhooks({ Records: [sqsRecord('m-2', due)] }),
    await handlers.deliverWebhooks({ Records: [sqsRecord('m-3', due)] }),
  ];

  expect(twice).toEqual([handled, handled]);
  expect(received).toHaveLength(2);
  for (const { body, headers } of received) {
    expect(() => new Webhook(subscription.secret ?? '').verify(body, headers)).not.toThrow();
  }
});

test('a webhook that is not taken stays in the queue', async () => {
  status = 503;
  const { message } = await ask('webhook', `http://127.0.0.1:${portOf(receiver)}/down`);

  const response = await handlers.deliverWebhooks({
    Records: [sqsRecord('m-1', message?.MessageBody ?? '')],
  });

  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
});

test('what is published carries what can be filtered by', async () => {
  await publish('alerts');

  const form = aws.published.at(-1) ?? new URLSearchParams();
  expect([...form.values()]).toEqual(expect.arrayContaining(['topic', 'alerts']));
});

test('an alert is kept', async () => {
  expect(await handlers.keepAlert({ Records: [sqsRecord('m-1', await publish('alerts'))] })).toEqual(handled);
});

test('a message that no consumer knows fails, and is not lost', async () => {
  const Records = [sqsRecord('m-1', '{"type":"unknown"}')];
  const failed = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };

  expect(await handlers.deliverInbox({ Records })).toEqual(failed);
  expect(await handlers.deliverWebhooks({ Records })).toEqual(failed);
  expect(await handlers.keepAlert({ Records })).toEqual(failed);
});

test('without the token nobody ends a subscription, and nobody learns whether it exists', async () => {
  const { subscription } = await ask('inbox', 'ann');

  const answers = [
    await handlers.end(about(subscription.id, { queryStringParameters: { token: 'guessed' } })),
    await handlers.end(about(subscription.id, {})),
    await handlers.end(about('99999999-9999-4999-8999-999999999999', {})),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
});
