import { z } from 'zod';
import type { App } from './app.ts';
import type { ReceivedRequest, Receiver } from './receiver.ts';
import { until } from './until.ts';

const Requested = z.object({ id: z.string(), status: z.string(), secret: z.string().optional() });

const Mail = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  issueId: z.string().optional(),
  subscriptionId: z.string(),
  token: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  links: z.record(z.string(), z.string()),
});
export type Mail = z.infer<typeof Mail>;

const Inbox = z.object({ messages: z.array(Mail) });

const WebhookEvent = z.object({
  type: z.string(),
  data: z.object({
    subscriptionId: z.string(),
    token: z.string().optional(),
    issueId: z.string().optional(),
  }),
});

/** What a webhook says, where it is one. */
export const eventOf = ({ body }: ReceivedRequest): z.infer<typeof WebhookEvent> =>
  WebhookEvent.parse(JSON.parse(body));

/** A subscription in the hands of whoever reads what is sent to its address. */
export interface Subscriber {
  readonly id: string;
  readonly address: string;
  /** Of a webhook only. */
  readonly secret: string;
  end(): Promise<void>;
}

/** Asks for a subscription, as anybody may in anybody's name. */
export const requestSubscription = async (
  app: App,
  subscription: { channel: 'inbox' | 'webhook'; address: string; topics: readonly string[] },
): Promise<z.infer<typeof Requested>> =>
  Requested.parse(await answered(app, 'POST', '/v1/subscriptions', subscription, 202));

/** Subscribes an inbox, and confirms it with the token that is found there. */
export const subscribeInbox = async (
  app: App,
  address: string,
  topics: readonly string[],
): Promise<Subscriber> => {
  const { id } = await requestSubscription(app, { channel: 'inbox', address, topics });
  const mail = await until(
    `the inbox ${address} to be asked for confirmation`,
    async () =>
      (await inboxOf(app, address)).find(({ subscriptionId, token }) => token && subscriptionId === id),
    (found) => found !== undefined,
  );
  return confirmed(app, id, address, mail?.token ?? '');
};

/** Subscribes a path of the receiver, and confirms it with the token that is sent there. */
export const subscribeWebhook = async (
  app: App,
  receiver: Receiver,
  path: string,
  topics: readonly string[],
): Promise<Subscriber> => {
  const address = `${receiver.url}${path}`;
  const { id, secret = '' } = await requestSubscription(app, { channel: 'webhook', address, topics });
  const token = await until(
    `the webhook ${address} to be asked for confirmation`,
    () => receiver.requests.map(eventOf).find(({ data }) => data.subscriptionId === id)?.data.token,
    (found) => found !== undefined,
  );
  return confirmed(app, id, address, token ?? '', secret);
};

const confirmed = async (
  app: App,
  id: string,
  address: string,
  token: string,
  secret = '',
): Promise<Subscriber> => {
  const path = `/v1/subscriptions/${id}`;
  await answered(app, 'PATCH', path, { token }, 200);
  const end = async (): Promise<void> => {
    await answered(app, 'DELETE', `${path}?${new URLSearchParams({ token })}`, undefined, 204);
  };
  return { id, address, secret, end };
};

/** @returns the id of the issue */
export const publishIssue = async (
  app: App,
  issue: { topic: string; subject: string; body: string },
): Promise<string> => {
  const answer = await answered(app, 'POST', '/v1/newsletters', issue, 202);
  return z.object({ id: z.string() }).parse(answer).id;
};

/** What lies in an inbox, newest first. */
export const inboxOf = async (app: App, address: string): Promise<Mail[]> => {
  const path = `/v1/inboxes/${encodeURIComponent(address)}/messages?limit=100`;
  return Inbox.parse(await answered(app, 'GET', path, undefined, 200)).messages;
};

const answered = async (
  app: App,
  method: string,
  path: string,
  body: object | undefined,
  status: number,
): Promise<unknown> => {
  const response = await app.fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};
