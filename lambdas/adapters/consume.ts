import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ZodType } from 'zod';
import { concurrently, type Delivery, together } from '../batch/queue.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { bodyOf } from '../messages/decode.ts';
import { correlated, correlationOf, logFailure } from './correlation.ts';
import { log } from './log.ts';

type Consumer = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** Handles CloudEvents of one contract from a standard queue; every line logged meanwhile carries their correlation id. */
export const consume = <T extends CloudEvent>(
  contract: ZodType<T>,
  handle: (message: T, delivery: Delivery) => Promise<void>,
  options: { readonly concurrency?: number } = {},
): Consumer =>
  concurrently<T>({
    ...options,
    decode: bodyOf(contract),
    handle: (message, delivery) => correlated(message, delivery, () => handle(message, delivery)),
    onFailure: logFailure,
  });

/** The same for work that is done by the batch: `handle` says for each event why it failed, `undefined` where it did not. */
export const consumeTogether = <T extends CloudEvent>(
  contract: ZodType<T>,
  handle: (messages: readonly T[]) => Promise<readonly (Error | undefined)[]>,
): Consumer =>
  together<T>({
    decode: bodyOf(contract),
    handle: async (messages) => {
      const errors = await handle(messages);
      return messages.map((message, index) => {
        const known = correlationOf(message);
        const error = errors[index];
        if (error === undefined) log.info('A message was handled', known);
        return log.about(error, known);
      });
    },
    onFailure: logFailure,
  });
