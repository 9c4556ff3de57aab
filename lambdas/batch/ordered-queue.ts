import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Delivery, deliveryOf, type QueueConsumer } from './queue.ts';

/** What a handler may want to know of a message of a FIFO queue besides its content. */
export interface OrderedDelivery extends Delivery {
  readonly groupId: string;
  /** Grows within a group from message to message, and is the same each time that one is delivered. */
  readonly sequenceNumber: bigint;
}

export interface OrderedQueueConsumer<T> extends Omit<QueueConsumer<T>, 'concurrency' | 'handle'> {
  /** Must be safe to repeat: until it is deleted, a message may be delivered again. */
  readonly handle: (message: T, delivery: OrderedDelivery) => Promise<void>;
}

/**
 * Handles a batch of a FIFO queue: in order within each message group, groups side by side. The first failure of a group
 * fails the rest of that group unhandled, as nothing may overtake; the other groups go on
 * (Lambda guide, "Handling errors for an SQS event source in Lambda": FIFO queues).
 */
export const inOrderPerGroup =
  <T>({ decode, handle, onFailure }: OrderedQueueConsumer<T>) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId);
    const unhandled = await Promise.all(
      [...groups.values()].map(async (records): Promise<readonly SQSRecord[]> => {
        for (const [index, record] of records.entries()) {
          try {
            await handle(decode(record), orderedDeliveryOf(record));
          } catch (error) {
            onFailure(error, record.messageId);
            return records.slice(index);
          }
        }
        return [];
      }),
    );
    return { batchItemFailures: unhandled.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

const orderedDeliveryOf = (record: SQSRecord): OrderedDelivery => {
  const { MessageGroupId: groupId, SequenceNumber: sequenceNumber } = record.attributes;
  if (groupId === undefined || sequenceNumber === undefined)
    throw new Error('The message does not come from a FIFO queue');
  return { ...deliveryOf(record), groupId, sequenceNumber: BigInt(sequenceNumber) };
};
