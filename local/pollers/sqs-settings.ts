import { z } from 'zod';
import type { PollTarget } from './event-source.ts';
import { anySource, described, invalid, ofAnySource } from './mapping-settings.ts';
import type { PollableQueues } from './sqs.ts';

const schema = z.strictObject({
  ...anySource,
  BatchSize: z.number().int().min(1).max(10_000).default(10),
  ScalingConfig: z
    .strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() })
    .optional(),
});

export interface SqsSettings extends ReturnType<typeof ofAnySource> {
  readonly described: z.output<typeof schema>;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
}

/** "up to 1,250 concurrent invocations" for one mapping; no account here has more than 1,000. */
const MOST_CONCURRENT = 1000;

const checkQueue = (
  queues: PollableQueues,
  queueArn: string,
  target: PollTarget,
  given: z.output<typeof schema>,
): void => {
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    try {
      target.authorize(`sqs:${action}`, queueArn);
    } catch {
      throw invalid(`The function execution role does not have permissions to call ${action} on SQS`);
    }
  }
  const queue = attributesOf(queues, queueArn);
  if (queue.fifo && given.BatchSize > 10)
    throw invalid('Batch size must be between 1 and 10 for FIFO queues.');
  if (queue.fifo && given.MaximumBatchingWindowInSeconds > 0) {
    throw invalid('Batching window is not supported for FIFO queues.');
  }
  if (queue.visibilityTimeoutMs < target.timeoutMs) {
    throw invalid(
      `Queue visibility timeout: ${queue.visibilityTimeoutMs / 1000} seconds is less than Function timeout: ${target.timeoutMs / 1000} seconds`,
    );
  }
};

const attributesOf = (queues: PollableQueues, queueArn: string) => {
  try {
    return queues.attributes(queueArn);
  } catch {
    throw invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  }
};

/** Checks what a mapping to a queue asks for, as `CreateEventSourceMapping` does. Throws AwsError InvalidParameterValueException. */
export const sqsSettings = (
  raw: Readonly<Record<string, unknown>>,
  queues: PollableQueues,
  queueArn: string,
  target: PollTarget,
): SqsSettings => {
  const given = described(schema, raw);
  if (given.BatchSize > 10 && given.MaximumBatchingWindowInSeconds === 0) {
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  checkQueue(queues, queueArn, target, given);
  return {
    ...ofAnySource(given),
    described: given,
    batchSize: given.BatchSize,
    maximumConcurrency: given.ScalingConfig?.MaximumConcurrency ?? MOST_CONCURRENT,
  };
};
