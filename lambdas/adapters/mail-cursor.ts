import * as z from 'zod';
import { invalidRequest } from '../domain/problem.ts';
import { readable } from '../messages/decode.ts';

/** Where a page of an inbox ended: the keys of the table. */
const PageEnd = z.strictObject({ address: z.string(), messageId: z.string() });

/** Opaque to the client: what is in it may change. */
export const encodeMailCursor = (end: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(PageEnd.parse(end))).toString('base64url');

/**
 * Only a cursor of the same inbox is taken.
 * @throws {ProblemError} `invalid-request`
 */
export const decodeMailCursor = (cursor: string, address: string): z.infer<typeof PageEnd> => {
  const end = readable(PageEnd, Buffer.from(cursor, 'base64url').toString());
  if (end?.address !== address)
    throw invalidRequest([{ pointer: 'cursor', detail: 'is not one that was handed out' }]);
  return end;
};
