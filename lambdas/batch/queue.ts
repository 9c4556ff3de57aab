import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ReportFailure } from './report-failure.ts';

/** What a handler may want to know of a message besides its content. */
export interface Delivery {
  readonly messageId: string;
  /** What this delivery is told by, to whoever changes how long the message stays hidden. */
  readonly receiptHandle: string;
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

export interface QueueBatchConsumer<T> extends Pick<QueueConsumer<T>, 'decode' | 'onFailure'> {
  /** Says for each message why it failed, `undefined` where it did not. Must be safe to repeat. */
  readonly handle: (messages: readonly T[]) => Promise<readonly (Error | undefined)[]>;
}

/**
 * Handles a batch of a standard queue in one go, for work that is done by the batch, such as a call that takes many
 * entries. Still each message fails alone.
 */
export const together =
  <T>({ decode, handle, onFailure }: QueueBatchConsumer<T>) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchItemFailure[] = [];
    const fail = (error: unknown, { messageId }: SQSRecord): void => {
      onFailure(error, messageId);
      batchItemFailures.push({ itemIdentifier: messageId });
    };
    const readable = Records.flatMap((record) => {
      try {
        return [{ record, message: decode(record) }];
      } catch (error) {
        fail(error, record);
        return [];
      }
    });
    if (readable.length === 0) return { batchItemFailures };
    const outcomes = await handle(readable.map(({ message }) => message));
    for (const [index, { record }] of readable.entries()) {
      const error = outcomes[index];
      if (error !== undefined) fail(error, record);
    }
    return { batchItemFailures };
  };

export const deliveryOf = ({ messageId, receiptHandle, body, attributes }: SQSRecord): Delivery => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});
