import type { EditApplied, EditRequested } from '../messages/edit-messages.ts';
import type { Edit, EditEvents, EditStore } from './edits.ts';
import { type Cause, causedBy } from './messages.ts';
import type { Clock } from './ports.ts';

/** Two workers can hold the same message for a moment, more cannot: this many conflicts mean that something is wrong. */
const MAX_CONFLICTS = 5;

/** By how much the clock of whoever took a request may be ahead of the one here. */
const CLOCK_SKEW_MS = 60_000;

/** How the queue delivered the message. */
export interface EditDelivery {
  readonly messageId: string;
  readonly groupId: string;
  readonly sequenceNumber: bigint;
}

/**
 * Gives the edit the next number of its image. Safe to repeat: what is not newer than the last edit was applied before,
 * or its turn is over. The latter is a worker that was so slow that its message has become a dead letter meanwhile;
 * applied now, it would stand behind edits that were asked for later. A dead letter that is redriven is a new message, with
 * a new id and place; whether it was applied before, its request tells. An edit is told again when its message comes
 * again: the first time may have ended between the write and the telling.
 *
 * @throws {Error} when the message is not in the group of its image: nothing would keep its order
 */
export const applyEdit = async (
  request: EditRequested,
  { messageId, groupId, sequenceNumber }: EditDelivery,
  { edits, events, clock }: { edits: EditStore; events: EditEvents; clock: Clock },
): Promise<'applied' | 'repeated'> => {
  const { imageId, operation } = request.data;
  if (groupId !== imageId) throw new Error(`An edit of image ${imageId} is in the group ${groupId}`);
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const last = await edits.last(imageId);
    if (last && sequenceNumber <= last.sequenceNumber) {
      if (sequenceNumber === last.sequenceNumber) await events.publish(editApplied(last, causedBy(request)));
      return 'repeated';
    }
    const before = last && (await edits.find(imageId, request.id, earliest(request)));
    if (before) {
      await events.publish(editApplied(before, causedBy(request)));
      return 'repeated';
    }

    const edit = {
      imageId,
      n: (last?.n ?? 0) + 1,
      editId: messageId,
      requestId: request.id,
      sequenceNumber,
      operation,
      appliedAt: clock.now().toISOString(),
    };
    if (await edits.append(edit)) {
      await events.publish(editApplied(edit, causedBy(request)));
      return 'applied';
    }
  }
  throw new Error(`Others were faster ${MAX_CONFLICTS} times in a row to edit image ${imageId}`);
};

/** No edit was applied before it was asked for. */
const earliest = ({ time }: EditRequested): string =>
  new Date(Date.parse(time) - CLOCK_SKEW_MS).toISOString();

const editApplied = ({ imageId, n, editId, operation, appliedAt }: Edit, cause: Cause): EditApplied => ({
  specversion: '1.0',
  id: `${imageId}:edit:${n}:applied`,
  source: 'urn:serverless-ipc:apply-edit',
  type: 'serverless-ipc.edit.applied.v1',
  time: appliedAt,
  subject: imageId,
  datacontenttype: 'application/json',
  traceparent: cause.traceparent,
  correlationid: cause.correlationId,
  causationid: cause.causationId,
  data: { imageId, n, editId, operation },
});
