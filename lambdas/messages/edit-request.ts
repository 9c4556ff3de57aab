import * as z from 'zod';
import { Operation } from './operations.ts';

/** The body of `POST /v1/images/{imageId}/edits`: one operation. */
export const EditRequest = Operation;

/** What API Gateway can tell of it: an object with a property `op`. The rest is left to the function. */
export const EditRequestOutline = z.looseObject({ op: z.unknown() });

/**
 * What a client names a request with, so that it can send it again (draft-ietf-httpapi-idempotency-key-header).
 * The draft wants a quoted string; here it is whatever the client sends.
 */
export const IdempotencyKey = z.string().min(1).max(255).optional();
