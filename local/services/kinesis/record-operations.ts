import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import { invalidArgument, rateExceeded, validation } from './errors.ts';
import { HASH_KEYS } from './hash-key.ts';
import { decodeIterator, encodeIterator } from './iterators.ts';
import { hashKey, type Operation, onStream, operation, seconds } from './operation.ts';
import { shardSummary } from './shard-operations.ts';
import type { StartingPosition, Stream, StreamRecord } from './stream.ts';

const REQUEST_BYTES = 10 * 1024 * 1024;
const MOST_RECORDS = 10_000;

const data = z.base64().transform((text) => Buffer.from(text, 'base64'));
const entry = z.object({
  Data: data,
  PartitionKey: z.string().min(1).max(256),
  ExplicitHashKey: hashKey.refine((key) => key < HASH_KEYS, 'must be below 2^128').optional(),
});

const putRecord = onStream('PutRecord', entry, (input, { kinesis, stream }) => {
  checkSize(stream, input);
  const { shardId, sequenceNumber } = kinesis.put(stream, entryOf(input));
  return { ShardId: shardId, SequenceNumber: sequenceNumber };
});

/** 1 MiB of data, unless the stream takes more (Kinesis guide, "Handle large records"). */
const checkSize = ({ state }: Stream, { Data }: z.output<typeof entry>): void => {
  const largest = state.maxRecordKiB * 1024;
  if (Data.length > largest)
    throw validation(`1 validation error detected: Data: must have length less than or equal to ${largest}`);
};

const entryOf = ({ Data, PartitionKey, ExplicitHashKey }: z.output<typeof entry>) => ({
  data: Data,
  partitionKey: PartitionKey,
  explicitHashKey: ExplicitHashKey,
});

/** "The PutRecords response ... includes both successfully and unsuccessfully processed records": in the order of the request. */
const putRecords = onStream(
  'PutRecords',
  z.object({ Records: z.array(entry).min(1).max(500) }),
  ({ Records }, { kinesis, stream }) => {
    for (const record of Records) checkSize(stream, record);
    const bytes = Records.reduce((sum, { Data, PartitionKey }) => sum + Data.length + PartitionKey.length, 0);
    if (bytes > REQUEST_BYTES) throw invalidArgument('Records size exceeds 10 MB limit');
    const results = Records.map((record) => {
      try {
        const { shardId, sequenceNumber } = kinesis.put(stream, entryOf(record));
        return { ShardId: shardId, SequenceNumber: sequenceNumber };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { ErrorCode: error.code, ErrorMessage: error.message };
      }
    });
    return { FailedRecordCount: results.filter((result) => 'ErrorCode' in result).length, Records: results };
  },
);

export const startingPositionType = z.enum([
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
  'LATEST',
  'AT_TIMESTAMP',
]);

const getShardIterator = onStream(
  'GetShardIterator',
  z.object({
    ShardId: z.string(),
    ShardIteratorType: startingPositionType,
    StartingSequenceNumber: z.string().optional(),
    Timestamp: z.number().optional(),
  }),
  ({ ShardId, ShardIteratorType: type, StartingSequenceNumber, Timestamp }, { stream, clock }) => {
    const position = stream.positionAt(
      stream.shard(ShardId),
      startingPosition(type, StartingSequenceNumber, Timestamp),
    );
    return { ShardIterator: iterator(stream, ShardId, position, clock.now()) };
  },
);

/** @throws InvalidArgumentException when what the type needs is missing */
export const startingPosition = (
  type: StartingPosition['type'],
  sequenceNumber: string | undefined,
  timestamp: number | undefined,
): StartingPosition => {
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      return { type };
    case 'AT_TIMESTAMP':
      if (timestamp === undefined) throw invalidArgument('Must specify timestamp for AT_TIMESTAMP');
      return { type, at: timestamp * 1000 };
    default:
      if (sequenceNumber === undefined)
        throw invalidArgument(`Must specify StartingSequenceNumber for ${type}`);
      return { type, sequenceNumber };
  }
};

const iterator = (stream: Stream, shard: string, position: number, issuedAt: number): string =>
  encodeIterator({ stream: stream.name, createdAt: stream.state.createdAt, shard, position, issuedAt });

const getRecords = operation(
  z.object({
    ShardIterator: z.string(),
    Limit: z.number().int().min(1).max(MOST_RECORDS).default(MOST_RECORDS),
  }),
  ({ ShardIterator, Limit }, { kinesis, clock, call }) => {
    const from = decodeIterator(ShardIterator, clock.now());
    call.authorize('kinesis:GetRecords', kinesis.arnOf(from.stream));
    const stream = kinesis.stream(from.stream);
    if (stream.state.createdAt !== from.createdAt) throw invalidArgument('Invalid ShardIterator.');
    const shard = stream.shard(from.shard);
    if (!shard.admitRead()) throw rateExceeded(shard.id, stream.name, stream.account);
    const { records, nextPosition, ended, millisBehindLatest } = stream.read(shard, from.position, Limit);
    shard.tookOut(records.reduce((bytes, { data: { length } }) => bytes + length, 0));
    kinesis.recordIteratorAge(stream, records);
    return {
      Records: records.map(recordDescription),
      MillisBehindLatest: millisBehindLatest,
      ...(ended
        ? { ChildShards: stream.childrenOf(shard).map((child) => shardSummary(stream, child)) }
        : { NextShardIterator: iterator(stream, shard.id, nextPosition, clock.now()) }),
    };
  },
);

export const recordDescription = ({ sequenceNumber, at, data: bytes, partitionKey }: StreamRecord) => ({
  SequenceNumber: sequenceNumber,
  ApproximateArrivalTimestamp: seconds(at),
  Data: Buffer.from(bytes).toString('base64'),
  PartitionKey: partitionKey,
});

export const recordOperations: Readonly<Record<string, Operation>> = {
  PutRecord: putRecord,
  PutRecords: putRecords,
  GetShardIterator: getShardIterator,
  GetRecords: getRecords,
};
