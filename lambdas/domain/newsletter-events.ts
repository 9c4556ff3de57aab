import type { Trace } from '../messages/cloud-event.ts';
import type {
  ConfirmationRequested,
  Issue,
  NewsletterContinued,
  NewsletterPublished,
  WebhookDue,
} from '../messages/newsletter-messages.ts';
import { type Cause, causedBy } from './messages.ts';
import type { Clock } from './ports.ts';
import type { Subscription } from './subscription.ts';

type Source = 'publish-newsletter' | 'request-subscription' | 'deliver-newsletters' | 'deliver-webhooks';

const envelope = (source: Source, id: string, subject: string, cause: Cause, clock: Clock) => ({
  specversion: '1.0' as const,
  id,
  source: `urn:serverless-ipc:${source}`,
  time: clock.now().toISOString(),
  subject,
  datacontenttype: 'application/json' as const,
  traceparent: cause.traceparent,
  correlationid: cause.correlationId,
  causationid: cause.causationId,
});

const byRequest = (trace: Trace): Cause => ({ ...trace, causationId: trace.correlationId });

export const newsletterPublished = (issue: Issue, trace: Trace, clock: Clock): NewsletterPublished => ({
  ...envelope('publish-newsletter', issue.issueId, issue.topic, byRequest(trace), clock),
  type: 'serverless-ipc.newsletter.published.v1',
  data: issue,
});

export const confirmationRequested = (
  { id, channel, address, topics }: Subscription,
  token: string,
  apiUrl: string,
  trace: Trace,
  clock: Clock,
): ConfirmationRequested => ({
  ...envelope('request-subscription', `${id}:requested`, id, byRequest(trace), clock),
  type: 'serverless-ipc.subscription.requested.v1',
  data: { subscriptionId: id, channel, address, topics: [...topics], token, apiUrl },
});

type IssueMessage = NewsletterPublished | NewsletterContinued;

/** The id is made from the issue's and the place: a page that is handled again goes on with the same message. */
export const newsletterContinued = (
  cause: IssueMessage,
  issue: Issue,
  after: string,
  clock: Clock,
): NewsletterContinued => ({
  ...envelope('deliver-newsletters', `${issue.issueId}:after:${after}`, issue.topic, causedBy(cause), clock),
  type: 'serverless-ipc.newsletter.continued.v1',
  data: { issue, after },
});

/** The id is made from the issue's and the subscription's: a copy that is made again is the same copy. */
export const webhookDue = (
  cause: IssueMessage,
  issue: Issue,
  subscriptionId: string,
  clock: Clock,
): WebhookDue => ({
  ...envelope(
    'deliver-webhooks',
    `${issue.issueId}:${subscriptionId}`,
    subscriptionId,
    causedBy(cause),
    clock,
  ),
  type: 'serverless-ipc.newsletter.webhook-due.v1',
  data: { subscriptionId, issue },
});
