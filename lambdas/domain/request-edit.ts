import { createHash, randomUUID } from 'node:crypto';
import type { Trace } from '../messages/cloud-event.ts';
import type { EditRequested } from '../messages/edit-messages.ts';
import type { Operation } from '../messages/operations.ts';
import type { EditQueue } from './edits.ts';
import type { Clock } from './ports.ts';

export interface EditInput {
  readonly imageId: string;
  readonly operation: Operation;
  /** What the client named its request with. Without it, the same operation again is taken for the same request. */
  readonly idempotencyKey: string | undefined;
}

/** Takes an edit, in its place after those of the same image. @returns the edit's id: for a request that comes again, the same */
export const requestEdit = (
  input: EditInput,
  trace: Trace,
  { queue, clock }: { queue: EditQueue; clock: Clock },
): Promise<string> => queue.send(editRequested(input, trace, clock), deduplicationId(input));

/**
 * The operation is always part of it: a key that was used for another edit by mistake makes no edit vanish. The queue
 * could not refuse it, as it answers a duplicate like a first message.
 */
const deduplicationId = ({ operation, idempotencyKey }: EditInput): string =>
  createHash('sha256')
    .update(JSON.stringify([idempotencyKey ?? null, operation]))
    .digest('hex');

const editRequested = (
  { imageId, operation }: EditInput,
  { correlationId, traceparent }: Trace,
  clock: Clock,
): EditRequested => ({
  specversion: '1.0',
  // Not made of the correlation id: that is the API's request id, which a client may choose, and choose twice.
  id: `${imageId}:edit:${randomUUID()}`,
  source: 'urn:serverless-ipc:request-edit',
  type: 'serverless-ipc.edit.requested.v1',
  time: clock.now().toISOString(),
  subject: imageId,
  datacontenttype: 'application/json',
  traceparent,
  correlationid: correlationId,
  causationid: correlationId,
  data: { imageId, operation },
});
