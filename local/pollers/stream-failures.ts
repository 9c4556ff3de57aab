import { randomUUID } from 'node:crypto';
import type { Foundation } from '../cloud.ts';
import type { Caller, Invocation } from '../ports.ts';
import { deliverFailure, type StreamFailurePorts } from './failure-destination.ts';
import type { KinesisRecord } from './kinesis-event.ts';

/** Records that a mapping has given up. */
export interface GivenUp {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly records: readonly KinesisRecord[];
  readonly shardId: string;
  readonly streamArn: string;
  readonly mappingId: string;
  readonly functionArn: string;
  readonly invocations: number;
  readonly last: Invocation | undefined;
}

const arrival = (record: KinesisRecord | undefined): string =>
  new Date((record?.kinesis.approximateArrivalTimestamp ?? 0) * 1000).toISOString();

/** Shape recorded on AWS; a partial failure has `functionError` null. */
const failureRecord = (given: GivenUp, now: number) => ({
  requestContext: {
    requestId: given.last?.requestId ?? randomUUID(),
    functionArn: given.functionArn,
    condition: given.condition,
    // Never below one, as on AWS, even of what was too old to be handled at all (recorded, 25-11-2025).
    approximateInvokeCount: Math.max(1, given.invocations),
  },
  ...(given.last && {
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: given.last.functionError ?? null,
    },
  }),
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  KinesisBatchInfo: {
    shardId: given.shardId,
    startSequenceNumber: given.records[0]?.kinesis.sequenceNumber,
    endSequenceNumber: given.records.at(-1)?.kinesis.sequenceNumber,
    approximateArrivalOfFirstRecord: arrival(given.records[0]),
    approximateArrivalOfLastRecord: arrival(given.records.at(-1)),
    batchSize: given.records.length,
    streamArn: given.streamArn,
  },
});

/** Tells the destination of a stream's mapping what was given up. Only S3 gets the records themselves. */
export const tellFailure = (
  { clock }: Foundation,
  ports: StreamFailurePorts,
  destination: string,
  given: GivenUp,
  caller: Caller,
): Promise<void> =>
  deliverFailure(ports, destination, caller, {
    record: failureRecord(given, clock.now()),
    payload: JSON.stringify({ Records: given.records }),
    mappingId: given.mappingId,
    partition: given.shardId,
    now: clock.now(),
  });
