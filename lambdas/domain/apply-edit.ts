import type { EditRequested } from '../messages/edit-messages.ts';
import type { EditStore } from './edits.ts';
import type { Clock } from './ports.ts';

/** Two workers can hold the same message for a moment, more cannot: this many conflicts mean that something is wrong. */
const MAX_CONFLICTS = 5;

/** How the queue delivered the message. */
export interface EditDelivery {
  readonly messageId: string;
  readonly groupId: string;
  readonly sequenceNumber: bigint;
}

/**
 * Gives the edit the next number of its image. Safe to repeat: what is not newer than the last edit was applied before,
 * or its turn is over. The latter is a worker that was so slow that its message has become a dead letter meanwhile;
 * applied now, it would stand behind edits that were asked for later.
 *
 * @throws {Error} when the message is not in the group of its image: nothing would keep its order
 */
export const applyEdit = async (
  { data: { imageId, operation } }: EditRequested,
  { messageId, groupId, sequenceNumber }: EditDelivery,
  { edits, clock }: { edits: EditStore; clock: Clock },
): Promise<'applied' | 'repeated'> => {
  if (groupId !== imageId) throw new Error(`An edit of image ${imageId} is in the group ${groupId}`);
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const last = await edits.last(imageId);
    if (last && sequenceNumber <= last.sequenceNumber) return 'repeated';

    const edit = {
      imageId,
      n: (last?.n ?? 0) + 1,
      editId: messageId,
      sequenceNumber,
      operation,
      appliedAt: clock.now().toISOString(),
    };
    if (await edits.append(edit)) return 'applied';
  }
  throw new Error(`Others were faster ${MAX_CONFLICTS} times in a row to edit image ${imageId}`);
};
