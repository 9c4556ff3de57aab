import type { ConfirmationRequested, Issue } from '../messages/newsletter-messages.ts';
import { subscriptionUrl, unsubscribeHeaders, unsubscribeUrl } from './newsletter-links.ts';
import { deliverPage, type IssueMessage, issueOf, type PagePorts } from './newsletter-pages.ts';
import type { Inboxes, Mail } from './newsletter-ports.ts';
import type { Subscription } from './subscription.ts';

/** Puts a copy of the issue into the inboxes of a page of its subscribers: one an address, however often it is repeated. */
export const deliverIssue = (
  message: IssueMessage,
  { inboxes, ...ports }: PagePorts & { readonly inboxes: Pick<Inboxes, 'deliver'> },
): Promise<void> =>
  deliverPage(
    message,
    'inbox',
    (page) => inboxes.deliver(page.map((subscription) => issueMail(issueOf(message), subscription))),
    ports,
  );

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
