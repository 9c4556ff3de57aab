import * as z from 'zod';
import { invalidRequest } from '../domain/problem.ts';
import { readable } from '../messages/decode.ts';

/** Where a page of the index `byOwner` ended: the keys of the index and of the table. */
const PageEnd = z.strictObject({ id: z.string(), owner: z.string(), createdAt: z.string() });

export type PageEnd = z.infer<typeof PageEnd>;

/** Opaque to the client: what is in it may change. */
export const encodeCursor = (end: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(PageEnd.parse(end))).toString('base64url');

/**
 * Only a cursor of the same owner is taken: it decides where in whose jobs to read on.
 * @throws {ProblemError} `invalid-request`
 */
export const decodeCursor = (cursor: string, owner: string): PageEnd => {
  const end = readable(PageEnd, Buffer.from(cursor, 'base64url').toString());
  if (end?.owner !== owner)
    throw invalidRequest([{ pointer: 'cursor', detail: 'is not one that was handed out' }]);
  return end;
};
