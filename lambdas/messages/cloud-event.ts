import * as z from 'zod';

/** W3C Trace Context, level 1: `version-traceid-parentid-flags`, never all zeros. */
export const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * CloudEvents 1.0 in structured JSON mode, plus three extension attributes: `traceparent` (the extension "Distributed
 * Tracing"), `correlationid` (what all messages of one request share) and `causationid` (the message or request
 * that led to this one).
 *
 * There is no official CloudEvents binding for SQS, SNS or Kinesis. The convention here: the whole event is the body of
 * the message, and its type is repeated as the message attribute `type`, so that a filter policy can see it.
 * Attributes that are not known here are let through: a newer producer must not break an older consumer.
 */
export const CloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  subject: z.string().min(1),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().regex(TRACEPARENT),
  correlationid: z.string().min(1),
  causationid: z.string().min(1),
  data: z.unknown(),
});

export type CloudEvent = z.infer<typeof CloudEvent>;

/** The contract of one message: `type` names the version too, so that a changed contract is a new type. */
export const message = <const Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ ...CloudEvent.shape, type: z.literal(type), data });

/** What ties a message to the request that it comes from. */
export const Trace = z.object({
  correlationId: z.string().min(1),
  traceparent: z.string().regex(TRACEPARENT),
});

export type Trace = z.infer<typeof Trace>;
