import type { ReceivedRequest, Receiver } from './receiver.ts';
import { JobEvent } from './watcher.ts';

/** The event of a job in the body of a webhook, if that is what it is. */
export const eventIn = (body: string): JobEvent | undefined => {
  try {
    return JobEvent.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

/** What a receiver was sent about a job, in order, every attempt of it. */
export const requestsFor = ({ requests }: Receiver, jobId: string): ReceivedRequest[] =>
  requests.filter(({ body }) => eventIn(body)?.data.jobId === jobId);

/** The same, as the events that were sent. */
export const eventsAt = (receiver: Receiver, jobId: string): JobEvent[] =>
  requestsFor(receiver, jobId)
    .map(({ body }) => eventIn(body))
    .filter((event) => event !== undefined);
