import type { ConfirmationRequested, Issue } from '../messages/newsletter-messages.ts';
import { subscriptionUrl, unsubscribeHeaders, unsubscribeUrl } from './newsletter-links.ts';
import type { Inboxes, Mail, Subscriptions } from './newsletter-ports.ts';
import type { Subscription } from './subscription.ts';

/** Puts a copy of the issue into the inbox of every subscriber to its topic: one an address, however often it is repeated. */
export const deliverIssue = async (
  issue: Issue,
  { subscriptions, inboxes }: { subscriptions: Subscriptions; inboxes: Pick<Inboxes, 'deliver'> },
): Promise<void> => {
  for await (const page of subscriptions.receiving('inbox', issue.topic)) {
    await inboxes.deliver(page.map((subscription) => issueMail(issue, subscription)));
  }
};

/** Asks the owner of an inbox whether the subscription is wanted. */
export const deliverConfirmation = async (
  { data, time }: ConfirmationRequested,
  { inboxes }: { inboxes: Pick<Inboxes, 'deliver'> },
): Promise<void> => {
  const { subscriptionId, address, topics, token, apiUrl } = data;
  const confirm = subscriptionUrl(apiUrl, subscriptionId);
  const mail: Mail = {
    address,
    messageId: `${time}_${subscriptionId}`,
    type: 'subscription.confirmation',
    receivedAt: time,
    subject: 'Please confirm your subscription',
    body: `Somebody, hopefully you, wants this inbox to get ${topics.join(', ')}. To confirm, PATCH ${confirm} with the token. If it was not you, do nothing.`,
    subscriptionId,
    token,
    links: { confirm },
  };
  await inboxes.deliver([mail]);
};

const issueMail = (issue: Issue, subscription: Subscription): Mail => ({
  address: subscription.address,
  messageId: `${issue.publishedAt}_${issue.issueId}`,
  type: 'newsletter.issue',
  receivedAt: issue.publishedAt,
  subject: issue.subject,
  body: issue.body,
  topic: issue.topic,
  issueId: issue.issueId,
  subscriptionId: subscription.id,
  headers: unsubscribeHeaders(issue.apiUrl, subscription),
  links: { unsubscribe: unsubscribeUrl(issue.apiUrl, subscription) },
});
