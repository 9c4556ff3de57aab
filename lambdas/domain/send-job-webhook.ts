import type { JobChanged } from '../messages/job-messages.ts';
import { correlationHeaders } from './correlation-headers.ts';
import { jobChanges } from './messages.ts';
import type { Clock, JobStore } from './ports.ts';
import { unknownJob } from './problem.ts';
import type { JobWebhooks } from './push-ports.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface SendJobWebhookPorts {
  readonly jobs: JobStore;
  readonly webhooks: JobWebhooks;
  readonly sender: WebhookSender;
  readonly clock: Clock;
}

/**
 * - `delivered`: the receiver has taken everything that has happened to the job.
 * - `none`: nobody wants to know, be it that nobody ever did.
 * - `given-up`: an earlier event was not taken in any attempt; it is a dead letter, whose redrive sends this one as well.
 * - `removed`: the receiver wants no more (410), or its address is none that webhooks go to: it is not asked again.
 * - `retry`: it did not take the next event, which has to be sent before any later one.
 */
export type WebhookProgress = 'delivered' | 'none' | 'given-up' | 'removed' | 'retry';

/**
 * Sends the receiver of a job's events what it has not taken yet, in order; each event under the same id in every attempt.
 * As with watchers, what to send is the job's history behind the place that was reached. So the events behind one that was
 * given up need no attempts of their own: they would hold up their group for days, until SQS forgets the last of them.
 */
export const sendJobWebhook = async (
  { id, data: { jobId } }: Pick<JobChanged, 'id' | 'data'>,
  { jobs, webhooks, sender, clock }: SendJobWebhookPorts,
): Promise<WebhookProgress> => {
  const [webhook, job] = await Promise.all([webhooks.find(jobId), jobs.find(jobId)]);
  if (!webhook) return 'none';
  if (webhook.givenUpAt !== undefined && webhook.givenUpAt !== id) return 'given-up';
  if (!job) throw unknownJob(`There is no job ${jobId}.`);

  for (const change of jobChanges(job).slice(webhook.seq)) {
    const answer = await sender.send({
      url: webhook.url,
      secret: webhook.secret,
      id: change.id,
      timestamp: clock.now(),
      body: JSON.stringify(change),
      headers: correlationHeaders(change),
    });
    if (answer === 'retry') return 'retry';
    if (answer !== 'delivered') {
      await webhooks.remove(jobId);
      return 'removed';
    }
    await webhooks.delivered(jobId, change.data.seq);
  }
  return 'delivered';
};
