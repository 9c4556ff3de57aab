import * as z from 'zod';

/** The longest partition key of a Kinesis record, in characters (Kinesis API Reference, "PutRecord"). */
const LONGEST_KEY = 256;

/**
 * The body of `POST /v1/telemetry`. API Gateway puts it on the activity stream as it came, after holding it against
 * this schema, with `subject` as partition key: what is told of one subject stays in order.
 */
export const Telemetry = z.strictObject({
  type: z.string().min(1).max(100),
  subject: z.string().min(1).max(LONGEST_KEY),
  data: z.record(z.string(), z.unknown()),
});

export type Telemetry = z.infer<typeof Telemetry>;
