import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deliveryOf, type QueueConsumer } from './queue.ts';

/**
 * Handles a batch of a FIFO queue: in order within each message group, groups side by side. The first failure of a group
 * fails the rest of that group unhandled, as nothing may overtake; the other groups go on
 * (Lambda guide, "Handling errors for an SQS event source in Lambda": FIFO queues).
 */
export const inOrderPerGroup =
  <T>({ decode, handle, onFailure }: Omit<QueueConsumer<T>, 'concurrency'>) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId);
    const unhandled = await Promise.all(
      [...groups.values()].map(async (records): Promise<readonly SQSRecord[]> => {
        for (const [index, record] of records.entries()) {
          try {
            await handle(decode(record), deliveryOf(record));
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
