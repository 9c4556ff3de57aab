import * as z from 'zod';
import { message } from './cloud-event.ts';
import { Operation } from './operations.ts';

/** Names an image. It is also the message group of its edits, which SQS limits to 128 characters. */
export const ImageId = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"');

/** An edit was asked for: to be applied after those of the same image that were asked for before. */
export const EditRequested = message(
  'serverless-ipc.edit.requested.v1',
  z.object({ imageId: ImageId, operation: Operation }),
);

/** An edit has got its number: it was applied at the time of the event. */
export const EditApplied = message(
  'serverless-ipc.edit.applied.v1',
  z.object({ imageId: ImageId, n: z.int().min(1), editId: z.string().min(1), operation: Operation }),
);

export type EditRequested = z.infer<typeof EditRequested>;
export type EditApplied = z.infer<typeof EditApplied>;
