import type { ConfirmationRequested, Issue, WebhookDue } from '../messages/newsletter-messages.ts';
import { subscriptionGone } from './change-subscription.ts';
import { correlationHeaders } from './correlation-headers.ts';
import { webhookDue } from './newsletter-events.ts';
import { subscriptionUrl, unsubscribeHeaders, unsubscribeUrl } from './newsletter-links.ts';
import { deliverPage, type IssueMessage, issueOf, type PagePorts } from './newsletter-pages.ts';
import type { Receipts, Subscriptions, WebhookQueue } from './newsletter-ports.ts';
import type { Clock } from './ports.ts';
import { isForgotten, type Subscription } from './subscription.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface DeliverWebhookPorts {
  readonly subscriptions: Subscriptions;
  readonly webhooks: WebhookSender;
  readonly receipts: Receipts;
  readonly clock: Clock;
}

/** What became of one webhook: `dropped` when nobody wants it any more. */
export type WebhookOutcome = 'delivered' | 'dropped' | 'refused' | 'retry';

/** Makes a message of its own for every webhook of a page that wants the issue. */
export const expandIssue = (
  message: IssueMessage,
  { queue, ...ports }: PagePorts & { readonly queue: WebhookQueue },
): Promise<void> =>
  deliverPage(
    message,
    'webhook',
    (page) => queue.send(page.map(({ id }) => webhookDue(message, issueOf(message), id, ports.clock))),
    ports,
  );

/** Sends the copy of an issue for one webhook, unless it was delivered before or is not wanted any more. */
export const deliverIssue = async (due: WebhookDue, ports: DeliverWebhookPorts): Promise<WebhookOutcome> => {
  const { subscriptionId, issue } = due.data;
  const subscription = await ports.subscriptions.find(subscriptionId);
  if (subscription?.status !== 'confirmed') return 'dropped';
  const headers = { ...unsubscribeHeaders(issue.apiUrl, subscription), ...correlationHeaders(due) };
  return send(subscription, issueEvent(issue, subscription), headers, ports);
};

/** Asks a webhook, by a signed event, whether it wants the subscription. */
export const deliverConfirmation = async (
  request: ConfirmationRequested,
  ports: DeliverWebhookPorts,
): Promise<WebhookOutcome> => {
  const { data, time } = request;
  const { subscriptionId, topics, token, apiUrl } = data;
  const subscription = await ports.subscriptions.find(subscriptionId);
  if (subscription?.status !== 'pending' || isForgotten(subscription, ports.clock.now())) return 'dropped';
  const links = { confirm: subscriptionUrl(apiUrl, subscriptionId) };
  const event: WebhookEvent = {
    id: `confirmation_${subscriptionId}`,
    type: 'subscription.confirmation',
    timestamp: time,
    data: { subscriptionId, topics, token, links },
  };
  return send(subscription, event, correlationHeaders(request), ports);
};

interface WebhookEvent {
  /** The same for every attempt, and without a dot: what is signed is `id.timestamp.body`. */
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: object;
}

const issueEvent = (issue: Issue, subscription: Subscription): WebhookEvent => {
  const { apiUrl, publishedAt, ...shown } = issue;
  const links = { unsubscribe: unsubscribeUrl(apiUrl, subscription) };
  return {
    id: `${issue.issueId}_${subscription.id}`,
    type: 'newsletter.issue',
    timestamp: publishedAt,
    data: { ...shown, publishedAt, subscriptionId: subscription.id, links },
  };
};

const send = async (
  { id: subscriptionId, address, secret }: Subscription,
  { id, ...event }: WebhookEvent,
  headers: Readonly<Record<string, string>>,
  { subscriptions, webhooks, receipts, clock }: DeliverWebhookPorts,
): Promise<WebhookOutcome> => {
  if (await receipts.has(id)) return 'delivered';
  const body = JSON.stringify(event);
  const answer = await webhooks.send({ url: address, secret, id, timestamp: clock.now(), body, headers });
  if (answer === 'delivered') await receipts.add(id);
  if (answer !== 'gone') return answer;
  await subscriptionGone(subscriptionId, { subscriptions, clock });
  return 'dropped';
};
