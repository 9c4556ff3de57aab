import { z } from 'zod';
import type { TraceIds } from './trace.ts';

/** What ties events to each other where no header travels: of CloudEvents 1.0, and two extensions that are widely used. */
const envelope = z.object({
  specversion: z.string(),
  id: z.string(),
  subject: z.string().optional(),
  correlationid: z.string().optional(),
});

const MARK = '"specversion"';
const none: TraceIds = {};

/** The ids of a message that is a CloudEvent in structured JSON mode; nothing for any other. */
export const cloudEventIds = (text: string | Uint8Array): TraceIds => {
  const isMarked =
    typeof text === 'string'
      ? text.includes(MARK)
      : Buffer.from(text.buffer, text.byteOffset, text.byteLength).includes(MARK);
  if (!isMarked) return none;
  const { data } = envelope.safeParse(parsed(text));
  if (!data) return none;
  const { id: eventId, subject, correlationid: correlationId } = data;
  return {
    eventId,
    ...(subject !== undefined && { subject }),
    ...(correlationId !== undefined && { correlationId }),
  };
};

const parsed = (text: string | Uint8Array): unknown => {
  try {
    return JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
  } catch {
    return undefined;
  }
};
