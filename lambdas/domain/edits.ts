import type { EditApplied, EditRequested } from '../messages/edit-messages.ts';
import type { Operation } from '../messages/operations.ts';

/** One edit of an image. `n` counts the edits of the image from 1, without a gap, in the order in which they were asked for. */
export interface Edit {
  readonly imageId: string;
  readonly n: number;
  /** The id of the edit's message: the same however often that is delivered. */
  readonly editId: string;
  /** The id of the event that asked for it: the same also when that is sent anew, as a redrive does. */
  readonly requestId: string;
  /** The place of the edit's message among all of its image: larger than that of every earlier one. */
  readonly sequenceNumber: bigint;
  readonly operation: Operation;
  readonly appliedAt: string;
}

/** Where edits are kept. Reads see every write that was acknowledged before. */
export interface EditStore {
  last(imageId: string): Promise<Edit | undefined>;
  /** The edit that came of a request, if it was applied at the time `since` (ISO 8601) or later. */
  find(imageId: string, requestId: string, since: string): Promise<Edit | undefined>;
  /** Keeps the edit if no other has its `n`; otherwise says `false` and changes nothing. */
  append(edit: Edit): Promise<boolean>;
  /** At most `limit` edits of the image that come after the one with the number `after`, in order. */
  list(imageId: string, page: { after: number; limit: number }): Promise<readonly Edit[]>;
}

/** Keeps the order of the edits of each image. */
export interface EditQueue {
  /**
   * Within the queue's deduplication window the same deduplication id is the same edit.
   * @returns the id of the edit's message: for a duplicate, that of the first
   */
  send(message: EditRequested, deduplicationId: string): Promise<string>;
}

/** Tells everyone who subscribes. */
export interface EditEvents {
  publish(message: EditApplied): Promise<void>;
}
