import type { Delivery } from '../batch/queue.ts';
import type { ReportFailure } from '../batch/report-failure.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { log } from './log.ts';

/** Every failure of a message is logged under its id; the source delivers the message again. */
export const logFailure: ReportFailure = (error, record) =>
  log.error('A message has failed', { record, error });

/** What every line tells of the event that it is about. */
export const correlationOf = ({ correlationid, traceparent, id, subject, type }: CloudEvent) => ({
  correlationId: correlationid,
  traceparent,
  eventId: id,
  eventType: type,
  subject,
});

/** Handles one event, with a line in the log that can be found by its correlation id. */
export const correlated = (
  event: CloudEvent,
  { messageId, receiveCount }: Delivery,
  handle: () => Promise<void>,
): Promise<void> =>
  log.within({ ...correlationOf(event), messageId, receiveCount }, async () => {
    await handle();
    log.info('A message was handled');
  });
