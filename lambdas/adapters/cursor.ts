import type * as z from 'zod';
import { invalidRequest } from '../domain/problem.ts';
import { readable } from '../messages/decode.ts';

/** Where a page ended, written so that a client can hand it back; opaque to it: what is in it may change. */
export interface Cursors<End> {
  encode(end: Record<string, unknown>): string;
  /**
   * Only a cursor into what belongs to `owner` is taken: it decides where in whose items to read on.
   * @throws {ProblemError} `invalid-request`
   */
  decode(cursor: string, owner: string): End;
}

/** @param ownerOf whose items the page is of */
export const cursorsOf = <End>(schema: z.ZodType<End>, ownerOf: (end: End) => string): Cursors<End> => ({
  encode: (end) => Buffer.from(JSON.stringify(schema.parse(end))).toString('base64url'),

  decode(cursor, owner) {
    const end = readable(schema, Buffer.from(cursor, 'base64url').toString());
    if (end === undefined || ownerOf(end) !== owner)
      throw invalidRequest([{ pointer: 'cursor', detail: 'is not one that was handed out' }]);
    return end;
  },
});
