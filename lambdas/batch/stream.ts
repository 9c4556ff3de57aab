import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { ReportFailure } from './report-failure.ts';

export interface StreamConsumer<T> {
  readonly decode: (record: KinesisStreamRecord) => T;
  /** Must be safe to repeat: a record is delivered again with all that follow the first failure. */
  readonly handle: (message: T, record: KinesisStreamRecord) => Promise<void>;
  readonly onFailure: ReportFailure;
}

export interface StreamBatchConsumer<T> extends Pick<StreamConsumer<T>, 'decode' | 'onFailure'> {
  /** Must be safe to repeat: what is delivered again begins with the same message, and may be longer or shorter. */
  readonly handle: (messages: readonly T[]) => Promise<void>;
}

/**
 * Handles records strictly one after the other and stops at the first failure: what follows it in the shard must not
 * overtake it. Lambda goes on from the sequence number that is reported
 * (Lambda guide, "Configuring partial batch response with Kinesis Data Streams and Lambda").
 */
export const inOrder =
  <T>({ decode, handle, onFailure }: StreamConsumer<T>) =>
  async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    for (const record of Records) {
      const { sequenceNumber } = record.kinesis;
      try {
        await handle(decode(record), record);
      } catch (error) {
        onFailure(error, sequenceNumber);
        return failedFrom(sequenceNumber);
      }
    }
    return { batchItemFailures: [] };
  };

/**
 * Handles the records of a batch together, up to the first that cannot be read: that one is reported, and begins the next
 * batch. When the batch itself fails, all of it does.
 */
export const inBatches =
  <T>({ decode, handle, onFailure }: StreamBatchConsumer<T>) =>
  async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const messages: T[] = [];
    let unreadable: KinesisStreamBatchResponse = { batchItemFailures: [] };
    for (const record of Records) {
      try {
        messages.push(decode(record));
      } catch (error) {
        onFailure(error, record.kinesis.sequenceNumber);
        unreadable = failedFrom(record.kinesis.sequenceNumber);
        break;
      }
    }
    const [first] = Records;
    if (messages.length === 0 || !first) return unreadable;
    try {
      await handle(messages);
      return unreadable;
    } catch (error) {
      onFailure(error, first.kinesis.sequenceNumber);
      return failedFrom(first.kinesis.sequenceNumber);
    }
  };

const failedFrom = (itemIdentifier: string): KinesisStreamBatchResponse => ({
  batchItemFailures: [{ itemIdentifier }],
});
