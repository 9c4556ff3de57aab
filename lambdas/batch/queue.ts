import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ReportFailure } from './report-failure.ts';

/** What a handler may want to know of a message besides its content. */
export interface Delivery {
  readonly messageId: string;
  readonly body: string;
  /** How many times the message has been received, this time included. */
  readonly receiveCount: number;
}

export interface QueueConsumer<T> {
  /** Throws when the body is not what the consumer was promised: the message has failed. */
  readonly decode: (record: SQSRecord) => T;
  /** Must be safe to repeat: a standard queue delivers at least once. */
  readonly handle: (message: T, delivery: Delivery) => Promise<void>;
  /** How many messages are handled at once. @default the whole batch */
  readonly concurrency?: number;
  readonly onFailure: ReportFailure;
}

/**
 * Handles a batch of a standard queue, in no order. Each message fails alone and is delivered again; those that were
 * handled are not. The event source must be told to expect this: `ReportBatchItemFailures`
 * (Lambda guide, "Handling errors for an SQS event source in Lambda").
 */
export const concurrently =
  <T>({ decode, handle, concurrency = Number.POSITIVE_INFINITY, onFailure }: QueueConsumer<T>) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchItemFailure[] = [];
    // One iterator for all workers: each takes the next record as soon as it is free.
    const waiting = Records.values();
    const worker = async (): Promise<void> => {
      for (const record of waiting) {
        try {
          await handle(decode(record), deliveryOf(record));
        } catch (error) {
          onFailure(error, record.messageId);
          batchItemFailures.push({ itemIdentifier: record.messageId });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, Records.length) }, worker));
    return { batchItemFailures };
  };

export const deliveryOf = ({ messageId, body, attributes }: SQSRecord): Delivery => ({
  messageId,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});
