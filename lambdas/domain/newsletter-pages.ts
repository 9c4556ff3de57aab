import type { Issue, NewsletterContinued, NewsletterPublished } from '../messages/newsletter-messages.ts';
import type { Channel } from '../messages/newsletter-requests.ts';
import { newsletterContinued } from './newsletter-events.ts';
import type { Continuations, Subscriptions } from './newsletter-ports.ts';
import type { Clock } from './ports.ts';
import type { Subscription } from './subscription.ts';

export interface PagePorts {
  readonly subscriptions: Pick<Subscriptions, 'receiving'>;
  readonly continuations: Continuations;
  readonly clock: Clock;
}

/** An issue that is to be delivered: from its first subscriber on, or from where a message before this one has ended. */
export type IssueMessage = NewsletterPublished | NewsletterContinued;

export const issueOf = (message: IssueMessage): Issue =>
  message.type === 'serverless-ipc.newsletter.published.v1' ? message.data : message.data.issue;

/**
 * Delivers an issue to one page of a channel's subscribers, and leaves those after it to a message of their own: no
 * invocation has more to do than a page, and one that fails begins again with its page, however many there are in all.
 * The next page is sent on when this one is done, so that a page that fails does not multiply those after it.
 */
export const deliverPage = async (
  message: IssueMessage,
  channel: Channel,
  deliver: (page: readonly Subscription[]) => Promise<void>,
  { subscriptions, continuations, clock }: PagePorts,
): Promise<void> => {
  const issue = issueOf(message);
  const after = message.type === 'serverless-ipc.newsletter.continued.v1' ? message.data.after : undefined;
  const page = await subscriptions.receiving(channel, issue.topic, after);
  await deliver(page.subscriptions);
  if (page.next !== undefined)
    await continuations.send(newsletterContinued(message, issue, page.next, clock));
};
