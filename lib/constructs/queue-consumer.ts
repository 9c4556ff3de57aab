import { type Duration, Token } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { ServiceFunction } from './service-function.ts';

export interface QueueConsumerOptions {
  /**
   * The most environments that work on this queue at the same time: 2 to 1,000.
   * @default - as many as the function may have
   */
  readonly maxConcurrency?: number;
  /**
   * The most messages in one invocation: 1 to 10, up to 10,000 with a batching window.
   * @default 10
   */
  readonly batchSize?: number;
}

/** "Configuring a queue for use with Lambda": at least six times the function's timeout, plus the batching window. */
export const visibilityFor = (timeout: Duration, window?: Duration): number =>
  6 * timeout.toSeconds() + (window?.toSeconds() ?? 0);

const longestVisibilitySeconds = 12 * 60 * 60;

/**
 * Lets a function take messages from a queue, and report those of a batch that failed.
 *
 * @throws Error when the options contradict each other or the function, or are outside what SQS event sources allow
 */
export const consumeQueue = (
  queue: Queue,
  name: string,
  fn: ServiceFunction,
  {
    batchSize = 10,
    maxConcurrency,
    maxBatchingWindow,
  }: QueueConsumerOptions & { readonly maxBatchingWindow?: Duration },
): EventSourceMapping => {
  const refuse = (reason: string): never => {
    throw new Error(`${queue.node.path}, consumed by ${fn.node.path}: ${reason}`);
  };
  if (batchSize < 1 || batchSize > 10_000) refuse(`batchSize ${batchSize} is not between 1 and 10000`);
  if (batchSize > 10 && !maxBatchingWindow?.toSeconds())
    refuse(`batchSize ${batchSize} needs a maxBatchingWindow`);
  if (maxBatchingWindow && maxBatchingWindow.toSeconds() > 300)
    refuse('maxBatchingWindow is longer than 300 seconds');
  if (maxConcurrency !== undefined && (maxConcurrency < 2 || maxConcurrency > 1_000)) {
    refuse(`maxConcurrency ${maxConcurrency} is not between 2 and 1000`);
  }
  const reserved = fn.reservedConcurrency;
  if (
    maxConcurrency !== undefined &&
    reserved !== undefined &&
    !Token.isUnresolved(reserved) &&
    reserved < maxConcurrency
  ) {
    refuse(
      `maxConcurrency ${maxConcurrency} is more than the function's reserved concurrency ${reserved}: it would be throttled`,
    );
  }
  if (visibilityFor(fn.timeout, maxBatchingWindow) > longestVisibilitySeconds) {
    refuse('six times the timeout is more than the 12 hours that a message can be hidden');
  }

  fn.allow({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queue.queueArn],
  });
  return new EventSourceMapping(fn, `${name}Source`, {
    target: fn.function,
    eventSourceArn: queue.queueArn,
    batchSize,
    reportBatchItemFailures: true,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(maxBatchingWindow && { maxBatchingWindow }),
  });
};
