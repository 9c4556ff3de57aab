import { readEnv } from '../adapters/environment.ts';
import { snsNewsletters } from '../adapters/sns-newsletters.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { publishNewsletter } from '../domain/publish-newsletter.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { NewsletterRequest } from '../messages/newsletter-requests.ts';
import { PublishNewsletterEnv } from './env.ts';

const env = readEnv(PublishNewsletterEnv);
const ports = { newsletters: snsNewsletters(env.NEWSLETTERS_TOPIC_ARN), clock: systemClock };

/** `POST /v1/newsletters`: 202 with the issue, which is on its way to whoever wants it. */
export const handler = restHandler(NewsletterRequest, async ({ body, apiUrl, trace }) => {
  const { issueId, topic, subject, publishedAt } = await publishNewsletter(body, { apiUrl, trace }, ports);
  return json(202, { id: issueId, topic, subject, publishedAt });
});
