import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Call } from '../service.ts';
import { validation } from './errors.ts';
import type { Kinesis } from './service.ts';
import type { Stream } from './stream.ts';

export interface Request {
  readonly kinesis: Kinesis;
  readonly clock: Clock;
  readonly call: Call;
}

/** Takes the request's JSON, and gives the answer's. */
export type Operation = (input: unknown, request: Request) => Promise<object | undefined>;

type Run<Schema extends z.ZodType, Extra> = (
  input: z.output<Schema>,
  request: Request & Extra,
) => object | undefined | Promise<object | undefined>;

export const operation =
  <Schema extends z.ZodType>(schema: Schema, run: Run<Schema, unknown>): Operation =>
  async (input, request) =>
    run(parse(schema, input), request);

const streamReference = z.object({ StreamName: z.string().optional(), StreamARN: z.string().optional() });

/** An operation on the stream that `StreamName` or `StreamARN` names: authorizes it, then finds the stream. */
export const onStream =
  <Schema extends z.ZodType>(
    action: string,
    schema: Schema,
    run: Run<Schema, { readonly stream: Stream }>,
  ): Operation =>
  async (input, request) => {
    const { StreamName, StreamARN } = parse(streamReference, input);
    const reference = StreamARN ?? StreamName;
    if (!reference) throw validation('Either StreamName or StreamARN must be provided.');
    const arn = StreamARN ?? request.kinesis.arnOf(reference);
    request.call.authorize(`kinesis:${action}`, arn);
    const stream = request.kinesis.stream(reference);
    return run(parse(schema, input), { ...request, stream });
  };

export const parse = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const { success, data, error } = schema.safeParse(input);
  if (success) return data;
  const reasons = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw validation(`${error.issues.length} validation error detected: ${reasons}`);
};

/** "0|([1-9]\d{0,38})" */
export const hashKey = z
  .string()
  .regex(/^(0|[1-9]\d{0,38})$/)
  .transform(BigInt);

/** Milliseconds as the protocol says them. */
export const seconds = (ms: number): number => ms / 1000;
