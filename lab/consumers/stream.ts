import { setTimeout as pause } from 'node:timers/promises';
import {
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-kinesis';
import { clientConfig } from '../targets/client-config.ts';
import type { Consuming, Source } from './protocol.ts';

type StreamSource = Extract<Source, { kind: 'stream' }>;
type Shard = StreamSource['shards'][number];

/**
 * A shard may be read five times a second, by all of its consumers together (Kinesis guide, "Quotas and limits"):
 * one group keeps below it, several are told to wait.
 */
const POLL_MS = 250;

/** Reads its shards side by side, each in order, and tells how far it has come after every record. */
export const consumeStream = async (
  { endpoint, streamName, shards }: StreamSource,
  consuming: Consuming,
): Promise<void> => {
  const kinesis = new KinesisClient(clientConfig(endpoint));
  const iterators = await Promise.all(shards.map((shard) => iteratorOf(kinesis, streamName, shard)));
  consuming.tell({ kind: 'ready' });
  await consuming.begun;
  await Promise.all(
    shards.map(({ shardId }, index) => readShard(kinesis, shardId, iterators[index], consuming)),
  );
};

const iteratorOf = async (
  kinesis: KinesisClient,
  StreamName: string,
  { shardId: ShardId, after }: Shard,
): Promise<string | undefined> => {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId,
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber: after,
    }),
  );
  return ShardIterator;
};

const readShard = async (
  kinesis: KinesisClient,
  shardId: string,
  first: string | undefined,
  { work, tell, stopping }: Consuming,
): Promise<void> => {
  for (let iterator = first; iterator !== undefined && !stopping.aborted; ) {
    const readAt = performance.now();
    const read = await readFrom(kinesis, iterator);
    if (read === 'throttled') {
      await pause(POLL_MS);
      continue;
    }
    const { Records = [], NextShardIterator } = read;
    for (const { Data, SequenceNumber } of Records) {
      if ((await work(Data ?? '', false)) === 'hold') return new Promise(() => undefined);
      if (SequenceNumber) tell({ kind: 'checkpoint', shardId, sequenceNumber: SequenceNumber });
      if (stopping.aborted) return;
    }
    await pause(Math.max(0, readAt + POLL_MS - performance.now()));
    iterator = NextShardIterator;
  }
};

/** Several groups may together read a shard too often: then nothing is wrong, and it is asked again. */
const readFrom = async (
  kinesis: KinesisClient,
  ShardIterator: string,
): Promise<GetRecordsCommandOutput | 'throttled'> => {
  try {
    return await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 1_000 }));
  } catch (error) {
    if (error instanceof ProvisionedThroughputExceededException) return 'throttled';
    throw error;
  }
};
