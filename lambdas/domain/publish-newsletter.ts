import { randomUUID } from 'node:crypto';
import type { Trace } from '../messages/cloud-event.ts';
import type { Issue } from '../messages/newsletter-messages.ts';
import type { NewsletterRequest } from '../messages/newsletter-requests.ts';
import { newsletterPublished } from './newsletter-events.ts';
import type { Newsletters } from './newsletter-ports.ts';
import type { Clock } from './ports.ts';

/** Hands an issue to the topic. Who gets it is the topic's and its subscribers' business. */
export const publishNewsletter = async (
  request: NewsletterRequest,
  { apiUrl, trace }: { readonly apiUrl: string; readonly trace: Trace },
  { newsletters, clock }: { newsletters: Newsletters; clock: Clock },
): Promise<Issue> => {
  const issue = { ...request, issueId: randomUUID(), publishedAt: clock.now().toISOString(), apiUrl };
  await newsletters.publish(newsletterPublished(issue, trace, clock));
  return issue;
};
