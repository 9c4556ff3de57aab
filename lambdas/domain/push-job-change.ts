import type { JobChanged, JobNews } from '../messages/job-messages.ts';
import { jobChanges } from './messages.ts';
import type { JobStore } from './ports.ts';
import { unknownJob } from './problem.ts';
import type { Connections, JobWebhookQueue, Watcher, Watchers } from './push-ports.ts';

export interface PushJobChangePorts {
  readonly jobs: JobStore;
  readonly watchers: Watchers;
  readonly connections: Connections;
  readonly webhooks: JobWebhookQueue;
}

/**
 * Tells every watcher of a job what it does not know yet. The message only says that there is something: what to tell is
 * the job's history behind the place that each watcher has reached. So a watcher that comes late gets the history first,
 * a message that was lost leaves no gap, and one that comes twice tells nothing.
 *
 * The messages of one job come one after the other, which keeps the order. If this is cut off between a post and the note
 * of it, that one event is told again, with the same id and `seq`: told twice is less harm than never.
 *
 * Webhooks go through a queue of their own: a receiver that is down must not hold up those who watch.
 */
export const pushJobChange = async (message: JobNews, ports: PushJobChangePorts): Promise<void> => {
  const { jobs, watchers, webhooks } = ports;
  const { jobId } = message.data;
  const hasWebhook = message.type === 'serverless-ipc.job.changed.v1' && message.data.webhook;
  const [watching] = await Promise.all([watchers.of(jobId), hasWebhook && webhooks.send(message)]);
  if (watching.length === 0) return;

  const job = await jobs.find(jobId);
  if (!job) throw unknownJob(`There is no job ${jobId}.`);
  const changes = jobChanges(job);
  const told = await Promise.allSettled(watching.map((watcher) => tell(watcher, changes, ports)));
  for (const one of told) if (one.status === 'rejected') throw one.reason;
};

const tell = async (
  { connectionId, seq: known }: Watcher,
  changes: readonly JobChanged[],
  { watchers, connections }: PushJobChangePorts,
): Promise<void> => {
  for (const change of changes) {
    const { jobId, seq } = change.data;
    if (seq <= known) continue;
    if ((await connections.post(connectionId, JSON.stringify(change))) === 'gone') {
      return watchers.remove(jobId, connectionId);
    }
    // Not kept: the client has gone meanwhile, or another one tells it already.
    if (!(await watchers.told(jobId, connectionId, seq))) return;
  }
};
