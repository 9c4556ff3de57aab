import type { MSKEvent, MSKRecord } from 'aws-lambda';
import { partitionOf } from './kafka-record.ts';
import type { ReportFailure } from './report-failure.ts';

/** The first record of each partition that was not handled: the event source goes on from there. */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly KafkaItemFailure[];
}

interface KafkaItemFailure {
  /** `partition` is `topic-partition`, as in the event. */
  readonly itemIdentifier: { readonly partition: string; readonly offset: number };
}

export interface KafkaConsumer<T> {
  readonly decode: (record: MSKRecord) => T;
  /** Must be safe to repeat: what is delivered again begins with the same message, and may be longer or shorter. */
  readonly handle: (messages: readonly T[]) => Promise<void>;
  readonly onFailure: ReportFailure;
}

/** Handles what is there of one partition. Answers the first record that was not handled, if any. */
type PartitionRun = (records: readonly MSKRecord[]) => Promise<MSKRecord | undefined>;

/**
 * One invocation may bring records of several partitions: each is handled in order, and the failure of one holds up no
 * other (Lambda guide, "Configuring error handling controls for Kafka event sources").
 */
const eachPartition =
  (run: PartitionRun) =>
  async ({ records }: MSKEvent): Promise<KafkaBatchResponse> => {
    const unhandled = await Promise.all(Object.values(records).map(run));
    return { batchItemFailures: unhandled.flatMap((record) => (record ? [failedFrom(record)] : [])) };
  };

/** Handles the records of a partition together, up to the first that cannot be read. */
export const inBatchesPerPartition = <T>({ decode, handle, onFailure }: KafkaConsumer<T>) =>
  eachPartition(async (records) => {
    const { messages, unreadable } = readUpToFailure(records, decode, onFailure);
    const [first] = records;
    if (messages.length === 0 || !first) return unreadable;
    try {
      await handle(messages);
      return unreadable;
    } catch (error) {
      onFailure(error, idOf(first));
      return first;
    }
  });

const readUpToFailure = <T>(
  records: readonly MSKRecord[],
  decode: (record: MSKRecord) => T,
  onFailure: ReportFailure,
): { messages: readonly T[]; unreadable: MSKRecord | undefined } => {
  const messages: T[] = [];
  for (const record of records) {
    try {
      messages.push(decode(record));
    } catch (error) {
      onFailure(error, idOf(record));
      return { messages, unreadable: record };
    }
  }
  return { messages, unreadable: undefined };
};

const idOf = (record: MSKRecord): string => `${partitionOf(record)}:${record.offset}`;

const failedFrom = (record: MSKRecord): KafkaItemFailure => ({
  itemIdentifier: { partition: partitionOf(record), offset: record.offset },
});
