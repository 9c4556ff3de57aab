import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ZodType } from 'zod';
import { concurrently, type Delivery } from '../batch/queue.ts';
import type { ReportFailure } from '../batch/report-failure.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { bodyOf } from '../messages/decode.ts';
import { log } from './log.ts';

/** Every failure of a message is logged under its id; the queue delivers the message again. */
export const logFailure: ReportFailure = (error, record) =>
  log.error('A message has failed', { record, error });

/** Handles CloudEvents of one contract from a standard queue; every line logged meanwhile carries their correlation id. */
export const consume = <T extends CloudEvent>(
  contract: ZodType<T>,
  handle: (message: T, delivery: Delivery) => Promise<void>,
  options: { readonly concurrency?: number } = {},
): ((event: SQSEvent) => Promise<SQSBatchResponse>) =>
  concurrently<T>({
    ...options,
    decode: bodyOf(contract),
    handle: (message, delivery) =>
      log.within(correlation(message, delivery), () => handle(message, delivery)),
    onFailure: logFailure,
  });

/** What every line tells of the message that it is about. */
export const correlation = ({ correlationid, id, subject }: CloudEvent, { receiveCount }: Delivery) => ({
  correlationId: correlationid,
  eventId: id,
  subject,
  receiveCount,
});
