import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { ReportFailure } from './report-failure.ts';

export interface StreamConsumer<T> {
  readonly decode: (record: KinesisStreamRecord) => T;
  /** Must be safe to repeat: a record is delivered again with all that follow the first failure. */
  readonly handle: (message: T, record: KinesisStreamRecord) => Promise<void>;
  readonly onFailure: ReportFailure;
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
        return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  };
