import * as z from 'zod';
import { message } from './cloud-event.ts';
import { Channel } from './newsletter-requests.ts';

/** One issue. `apiUrl` is where its readers reach this service: no consumer knows the API. */
export const Issue = z.object({
  issueId: z.string().min(1),
  topic: z.string().min(1),
  subject: z.string().min(1),
  body: z.string().min(1),
  publishedAt: z.iso.datetime(),
  apiUrl: z.url(),
});

/** An issue has come out: published to the topic, with its `topic` as a message attribute to filter by. */
export const NewsletterPublished = message('serverless-ipc.newsletter.published.v1', Issue);

/** An issue goes on to the subscribers of a channel whose ids come after `after`: those before have been taken care of. */
export const NewsletterContinued = message(
  'serverless-ipc.newsletter.continued.v1',
  z.object({ issue: Issue, after: z.string().min(1) }),
);

/** Somebody has subscribed an address: whoever can read what is sent there shall confirm it. It holds the token. */
export const ConfirmationRequested = message(
  'serverless-ipc.subscription.requested.v1',
  z.object({
    subscriptionId: z.string().min(1),
    channel: Channel,
    address: z.string().min(1),
    topics: z.array(z.string().min(1)),
    token: z.string().min(1),
    apiUrl: z.url(),
  }),
);

/** The copy of an issue for one webhook: a message of its own, so that each is retried by itself. */
export const WebhookDue = message(
  'serverless-ipc.newsletter.webhook-due.v1',
  z.object({ subscriptionId: z.string().min(1), issue: Issue }),
);

/** Everything in the queue of the inboxes. */
export const InboxMessage = z.discriminatedUnion('type', [
  NewsletterPublished,
  NewsletterContinued,
  ConfirmationRequested,
]);

/** Everything in the queue of the webhooks. */
export const WebhookMessage = z.discriminatedUnion('type', [
  NewsletterPublished,
  NewsletterContinued,
  ConfirmationRequested,
  WebhookDue,
]);

export type Issue = z.infer<typeof Issue>;
export type NewsletterPublished = z.infer<typeof NewsletterPublished>;
export type NewsletterContinued = z.infer<typeof NewsletterContinued>;
export type ConfirmationRequested = z.infer<typeof ConfirmationRequested>;
export type WebhookDue = z.infer<typeof WebhookDue>;
