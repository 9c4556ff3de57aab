import type { LogRecord } from '../batch/log-record.ts';
import type { Activity } from '../domain/activity.ts';
import { ActivityEvent } from '../messages/activity-event.ts';
import { decode } from '../messages/decode.ts';

/**
 * Reads a record of the activity stream.
 * @throws {SyntaxError} when it is not JSON
 * @throws {ZodError} when it is neither a CloudEvent nor a telemetry event
 */
export const readActivity = ({ value, partition, offset, at }: LogRecord): Activity => {
  const event = decode(ActivityEvent, value);
  return { type: event.type, subject: event.subject, event, partition, offset, at };
};
