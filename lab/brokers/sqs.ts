import type { Broker } from '../broker.ts';
import type { CloudTarget } from '../targets/target.ts';
import { queueLane } from './queue-lane.ts';

/** Amazon SQS, a standard queue. */
export const sqs = ({ endpoint, version, resources }: CloudTarget): Broker => ({
  name: 'sqs',
  version,
  fanOut: false,
  open: async (run) => queueLane(run, resources.queueUrl, endpoint, () => ({})),
});

/** Amazon SQS, a FIFO queue in high throughput mode: the key of a message is its group. */
export const sqsFifo = ({ endpoint, version, resources }: CloudTarget): Broker => ({
  name: 'sqs-fifo',
  version,
  fanOut: false,
  open: async (run) =>
    queueLane(run, resources.orderedQueueUrl, endpoint, (message, MessageDeduplicationId) => ({
      // A group of another run may be blocked by what its consumer died on.
      MessageGroupId: `${run}-${message.key}`,
      MessageDeduplicationId,
    })),
});
