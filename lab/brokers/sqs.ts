import type { Broker } from '../broker.ts';
import type { LabMessage } from '../message.ts';
import type { CloudTarget } from '../targets/target.ts';
import { queueLane } from './queue-lane.ts';

/** Amazon SQS, a standard queue. */
export const sqs = ({ endpoint, version, resources, outage }: CloudTarget): Broker => ({
  name: 'sqs',
  version,
  fanOut: false,
  ...(outage && { outage }),
  open: async (options) => queueLane(options, resources.queueUrl, endpoint, () => ({})),
});

/**
 * What a message's group is. A FIFO queue keeps order within it, and gives it to one consumer at a time; a message that
 * names none is refused.
 */
export type GroupOf = (message: LabMessage) => string | undefined;

/** Amazon SQS, a FIFO queue in high throughput mode: the key of a message is its group. */
export const sqsFifo = (
  { endpoint, version, resources, outage }: CloudTarget,
  groupOf: GroupOf = ({ key }) => key,
): Broker => ({
  name: 'sqs-fifo',
  version,
  fanOut: false,
  ...(outage && { outage }),
  open: async (options) =>
    queueLane(options, resources.orderedQueueUrl, endpoint, (message, MessageDeduplicationId) => {
      const group = groupOf(message);
      return {
        MessageDeduplicationId,
        // A group of another run may be blocked by what its consumer died on.
        ...(group !== undefined && { MessageGroupId: `${options.run}-${group}` }),
      };
    }),
});
