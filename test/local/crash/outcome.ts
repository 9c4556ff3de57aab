import { readFile } from 'node:fs/promises';
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { until } from '../../../scenarios/app/until.ts';
import type { Deployed } from './assembly.ts';
import { type Clients, queueUrl } from './clients.ts';
import { COPY, type Ledger, numberOf, PATHS, type Path, sequenceOf } from './ledger.ts';

/** What was found in the end on each path, in the order in which it was found. */
export type Found = Readonly<Record<Path, readonly string[]>> & {
  /** Sequence numbers in the order in which the stream's consumer was given them. */
  readonly delivered: readonly { readonly text: string; readonly sequenceNumber: string }[];
};

const note = z.object({ text: z.string(), sequenceNumber: z.string().default('') });

const notesIn = async (file: string): Promise<z.output<typeof note>[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => note.parse(JSON.parse(line)));

const without = (texts: Iterable<string>, others: Iterable<string>): string[] => {
  const known = new Set(others);
  return [...texts].filter((text) => !known.has(text));
};

/** Longer than any visibility timeout of these queues. */
const PAST_VISIBILITY_MS = 40_000;
const PATIENCE_ROUNDS = 40;

/** Takes everything out of a queue; what a killed consumer has taken becomes visible when time passes. */
const drain = async (
  { sqs }: Clients,
  QueueUrl: string,
  expected: ReadonlySet<string>,
  skipTime: (ms: number) => Promise<void>,
): Promise<string[]> => {
  const found: string[] = [];
  for (let empty = 0; empty < PATIENCE_ROUNDS; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    found.push(...Messages.map(({ Body = '' }) => Body));
    if (Messages.length > 0) {
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      continue;
    }
    // Twice empty, with a visibility timeout between: nothing is in anybody's hands any more.
    empty += 1;
    if (empty > 1 && without(expected, found).length === 0) break;
    await skipTime(PAST_VISIBILITY_MS);
  }
  return found;
};

const readStream = async ({ kinesis }: Clients): Promise<string[]> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'stream' }));
  const texts: string[] = [];
  for (const { ShardId } of Shards) {
    const start = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: 'stream', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    for (let iterator = start.ShardIterator, behind = true; iterator && behind; ) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
      for (const { Data } of answer.Records ?? []) texts.push(Buffer.from(Data ?? []).toString());
      behind = (answer.MillisBehindLatest ?? 0) > 0;
      iterator = answer.NextShardIterator;
    }
  }
  return texts;
};

/** What a consumer has been given, once it is everything; time passes only while nothing more comes. */
const notesOf = (file: string, expected: ReadonlySet<string>, skipTime: (ms: number) => Promise<void>) => {
  let before = -1;
  return until(
    'the consumer to have been given everything',
    async () => {
      const notes = await notesIn(file);
      const missing = without(
        expected,
        notes.map(({ text }) => text),
      ).length;
      if (missing > 0 && notes.length === before) await skipTime(PAST_VISIBILITY_MS);
      before = notes.length;
      return { notes, missing };
    },
    ({ missing }) => missing === 0,
    { timeoutMs: 20_000, everyMs: 300 },
  ).then(
    ({ notes }) => notes,
    () => notesIn(file),
  );
};

/** Waits for both consumers, then empties queues and stream. */
export const collect = async (
  clients: Clients,
  endpoint: string,
  { acknowledged, deleted }: Ledger,
  { streamNotes, queueNotes }: Deployed,
  skipTime: (ms: number) => Promise<void>,
): Promise<Found> => {
  const url = (name: string) => queueUrl(endpoint, name);
  const remaining = new Set(without(acknowledged.standard, deleted));
  const standard = await drain(clients, url('standard'), remaining, skipTime);
  const fifo = await drain(clients, url('ordered.fifo'), acknowledged.fifo, skipTime);
  const topic = await drain(clients, url('subscribed'), acknowledged.topic, skipTime);
  const announced = await drain(clients, url('announced.fifo'), acknowledged.announced, skipTime);
  const stream = await readStream(clients);
  const noted = (file: string, expected: ReadonlySet<string>) => notesOf(file, expected, skipTime);
  const worked = (await noted(queueNotes, acknowledged.worked)).map(({ text }) => text);
  const delivered = await noted(streamNotes, acknowledged.stream);
  return { standard, fifo, topic, announced, stream, worked, delivered };
};

export interface PathVerdict {
  readonly path: Path;
  readonly acknowledged: number;
  readonly lost: number;
  /** Found more than once. At-least-once paths may; a FIFO queue may not. */
  readonly doubled: number;
}

export interface Verdict {
  readonly paths: readonly PathVerdict[];
  /** Messages that were deleted, and came back. */
  readonly returned: number;
  /** Ordered messages that came after a later one of their group. */
  readonly disordered: number;
  /** Acknowledged records that the stream's consumer was never given. */
  readonly skipped: number;
  /** Records that the stream's consumer was given again. */
  readonly repeated: number;
}

export const judge = ({ acknowledged, deleted, deleting }: Ledger, found: Found): Verdict => ({
  paths: PATHS.map((path) => {
    const texts = new Set(found[path]);
    const gone = path === 'standard' ? deleting : new Set<string>();
    return {
      path,
      acknowledged: acknowledged[path].size,
      lost: without(without(acknowledged[path], texts), gone).length,
      doubled: found[path].length - without(texts, [COPY]).length,
    };
  }),
  returned: found.standard.filter((text) => deleted.has(text)).length,
  disordered: disordered(found.fifo) + disordered(found.announced),
  skipped: without(
    acknowledged.stream,
    found.delivered.map(({ text }) => text),
  ).length,
  repeated:
    found.delivered.length - new Set(found.delivered.map(({ sequenceNumber }) => sequenceNumber)).size,
});

const disordered = (texts: readonly string[]): number => {
  const last = new Map<string, number>();
  let count = 0;
  for (const text of without(texts, [COPY])) {
    const number = numberOf(text);
    if (number < (last.get(sequenceOf(text)) ?? -1)) count += 1;
    last.set(sequenceOf(text), number);
  }
  return count;
};
