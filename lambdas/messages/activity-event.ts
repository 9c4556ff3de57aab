import * as z from 'zod';
import { CloudEvent } from './cloud-event.ts';

/**
 * What a client reports through the door that has no code behind it. API Gateway puts the body into the stream as it
 * came, with the subject as partition key. There is no envelope: what a mapping template would have to write into one,
 * the record has already: its time is when the broker took it, its id is its place in the stream.
 */
export const TelemetryEvent = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/)
    .max(128),
  subject: z.string().min(1).max(128),
  data: z.record(z.string(), z.unknown()),
});

/** One line of the activity stream: a domain event in its envelope, or a client's report without. */
export const ActivityEvent = z.union([CloudEvent, TelemetryEvent]);

export type TelemetryEvent = z.infer<typeof TelemetryEvent>;
export type ActivityEvent = z.infer<typeof ActivityEvent>;
