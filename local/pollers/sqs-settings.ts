import { z } from 'zod';
import { AwsError } from '../errors.ts';
import type { PollTarget } from './event-source.ts';
import { compileFilters, type Filter, InvalidPattern } from './filter-criteria.ts';
import type { PollableQueues } from './sqs.ts';

const schema = z.strictObject({
  BatchSize: z.number().int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  FilterCriteria: z
    .strictObject({
      Filters: z
        .array(z.strictObject({ Pattern: z.string().max(4096) }))
        .max(10)
        .optional(),
    })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z
    .strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() })
    .optional(),
});

export interface SqsSettings {
  readonly described: z.output<typeof schema>;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency: number;
  readonly filter: Filter;
}

/** "up to 1,250 concurrent invocations" for one mapping; no account here has more than 1,000. */
const MOST_CONCURRENT = 1000;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

const filterOf = (patterns: readonly string[]): Filter => {
  try {
    return compileFilters(patterns);
  } catch (error) {
    if (error instanceof InvalidPattern) throw invalid('Invalid filter pattern definition.');
    throw error;
  }
};

const checkQueue = (
  queues: PollableQueues,
  queueArn: string,
  target: PollTarget,
  described: z.output<typeof schema>,
): void => {
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    try {
      target.authorize(`sqs:${action}`, queueArn);
    } catch {
      throw invalid(`The function execution role does not have permissions to call ${action} on SQS`);
    }
  }
  const queue = attributesOf(queues, queueArn);
  if (queue.fifo && described.BatchSize > 10)
    throw invalid('Batch size must be between 1 and 10 for FIFO queues.');
  if (queue.fifo && described.MaximumBatchingWindowInSeconds > 0) {
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
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join('.') || 'Event source mapping'}: ${issue?.message}`);
  }
  const described = parsed.data;
  if (described.BatchSize > 10 && described.MaximumBatchingWindowInSeconds === 0) {
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  checkQueue(queues, queueArn, target, described);
  return {
    described,
    batchSize: described.BatchSize,
    windowMs: described.MaximumBatchingWindowInSeconds * 1000,
    reportsItemFailures: described.FunctionResponseTypes.length > 0,
    maximumConcurrency: described.ScalingConfig?.MaximumConcurrency ?? MOST_CONCURRENT,
    filter: filterOf(described.FilterCriteria?.Filters?.map(({ Pattern }) => Pattern) ?? []),
  };
};
