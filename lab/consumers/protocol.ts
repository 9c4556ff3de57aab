import { z } from 'zod';
import { formatNames } from '../formats/format.ts';

/** Where a consumer's broker is, in words that a process can be started with. */
export const Source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('queue'),
    endpoint: z.string().optional(),
    queueUrl: z.string(),
    /** How long a message is hidden while it is in a consumer's hands, in seconds. */
    visibilitySeconds: z.int(),
  }),
  z.strictObject({
    kind: z.literal('stream'),
    endpoint: z.string().optional(),
    streamName: z.string(),
    /** Each shard, and the sequence number after which it is read. */
    shards: z.array(z.strictObject({ shardId: z.string(), after: z.string() })),
  }),
  z.strictObject({
    kind: z.literal('log'),
    bootstrapServers: z.string(),
    topic: z.string(),
    groupId: z.string(),
    /** Commits what it has not worked on yet: what a consumer must not do, for the lab to show. */
    commitFirst: z.boolean(),
  }),
]);
export type Source = z.infer<typeof Source>;

export const Order = z.strictObject({
  source: Source,
  /** Messages of other runs, which still lay there, are taken and not told. */
  run: z.string(),
  format: z.enum(formatNames),
  workMs: z.number(),
  holdFrom: z.int().optional(),
  /** It reads when it is told to begin, and not before. */
  waits: z.boolean(),
});
export type Order = z.infer<typeof Order>;

/** What a consumer's process is told by its parent. */
export const Command = z.enum(['begin', 'stop']);
export type Command = z.infer<typeof Command>;

/** What a consumer's process tells its parent. */
export const Report = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({
    kind: z.literal('received'),
    producer: z.string(),
    key: z.string(),
    seq: z.int(),
    intendedAt: z.number(),
    at: z.number(),
    redelivered: z.boolean(),
    /** It will not be worked on: the consumer is there to be killed with it in its hands. */
    held: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('checkpoint'), shardId: z.string(), sequenceNumber: z.string() }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
]);
export type Report = z.infer<typeof Report>;

/** A message's body as the broker gave it: text, or bytes. */
export type Body = string | Uint8Array;

/** What is done with one message, and whether it may be acknowledged afterwards. */
export type Work = (body: Body, redelivered: boolean) => Promise<'done' | 'hold'>;

/** What every kind of consumer is run with. */
export interface Consuming {
  readonly work: Work;
  readonly tell: (report: Report) => void;
  /** Nothing is read before. */
  readonly begun: Promise<void>;
  /** It ends after what it has in its hands. */
  readonly stopping: AbortSignal;
}
