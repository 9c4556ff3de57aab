import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ZodType } from 'zod';
import { inOrderPerGroup, type OrderedDelivery } from '../batch/ordered-queue.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { bodyOf } from '../messages/decode.ts';
import { correlated, logFailure } from './correlation.ts';

/** Handles CloudEvents of one contract from a FIFO queue; every line logged meanwhile carries their correlation id. */
export const consumeInOrder = <T extends CloudEvent>(
  contract: ZodType<T>,
  handle: (message: T, delivery: OrderedDelivery) => Promise<void>,
): ((event: SQSEvent) => Promise<SQSBatchResponse>) =>
  inOrderPerGroup<T>({
    decode: bodyOf(contract),
    handle: (message, delivery) => correlated(message, delivery, () => handle(message, delivery)),
    onFailure: logFailure,
  });
