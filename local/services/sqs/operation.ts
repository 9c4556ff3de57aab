import { z } from 'zod';
import type { Call } from '../service.ts';
import { missingParameter, SqsError } from './errors.ts';
import type { OpenQueue } from './open-queue.ts';
import type { Sqs } from './service.ts';

export interface Request {
  readonly sqs: Sqs;
  readonly call: Call;
  /** A signal that aborts when the client is gone: for what waits. */
  readonly whenGone: () => AbortSignal;
  /** `X-Amzn-Trace-Id` of the request: what is sent becomes part of that trace. */
  readonly traceHeader?: string;
}

/** Takes a request in the JSON protocol's shape, and gives an answer in it. */
export type Operation = (input: unknown, request: Request) => Promise<object | undefined>;

export const operation =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (request: Request & { readonly input: z.output<Schema> }) => Promise<object | undefined>,
  ): Operation =>
  async (input, request) =>
    run({ ...request, input: parse(schema, input) });

/** The actions that a batch is authorized as. */
const permissionOf = (action: string): string => `sqs:${action.replace(/Batch$/, '')}`;

/** They tell of themselves, with what they carry. */
const COUNTED: ReadonlySet<string> = new Set(['SendMessage', 'SendMessageBatch', 'ReceiveMessage']);

const onAnyQueue = z.object({ QueueUrl: z.string() });

/** An operation on the queue that `QueueUrl` names: authorizes it, then finds the queue. */
export const onQueue =
  <Schema extends z.ZodType>(
    action: string,
    schema: Schema,
    run: (
      request: Request & { readonly queue: OpenQueue; readonly input: z.output<Schema> },
    ) => Promise<object | undefined>,
  ): Operation =>
  async (input, request) => {
    const { queues } = request.sqs;
    const arn = queues.arnOfUrl(parse(onAnyQueue, input).QueueUrl);
    request.call.authorize(permissionOf(action), arn);
    const queue = queues.get(arn);
    const answer = await run({ ...request, queue, input: parse(schema, input) });
    if (!COUNTED.has(action)) request.sqs.requested(queue, action);
    return answer;
  };

const parse = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const { success, data, error } = schema.safeParse(input);
  if (success) return data;
  const [issue] = error.issues;
  const parameter = issue?.path.join('.') ?? '';
  if (issue && valueAt(input, issue.path) === undefined) throw missingParameter(parameter);
  throw new SqsError('SerializationException', `${parameter}: ${issue?.message}`);
};

const anyObject = z.record(z.string(), z.unknown());

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return anyObject.safeParse(value).data?.[String(key)];
  }, input);
