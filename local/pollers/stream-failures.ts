import { randomUUID } from 'node:crypto';
import type { Foundation } from '../cloud.ts';
import type { Caller, Invocation, Objects, Queues, Topics } from '../ports.ts';
import type { KinesisRecord } from './kinesis-event.ts';

export interface StreamFailurePorts {
  readonly queues: Queues;
  readonly topics: () => Topics;
  readonly objects: () => Objects;
}

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
    approximateInvokeCount: given.invocations,
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

/** "aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>" (Lambda guide, "Retaining discarded batch records for a Kinesis Data Streams event source"). */
const objectKey = ({ mappingId, shardId }: GivenUp, now: number): string => {
  const at = new Date(now).toISOString();
  const day = at.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${at.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
};

/** Tells the destination of a stream's mapping what was given up. Only S3 gets the records themselves. */
export const tellFailure = async (
  { clock }: Foundation,
  ports: StreamFailurePorts,
  destination: string,
  given: GivenUp,
  caller: Caller,
): Promise<void> => {
  const [, , service, , , bucket = ''] = destination.split(':');
  const record = failureRecord(given, clock.now());
  switch (service) {
    case 'sqs':
      await ports.queues.send(destination, { body: JSON.stringify(record) }, caller);
      return;
    case 'sns':
      await ports.topics().publish(destination, { message: JSON.stringify(record) }, caller);
      return;
    default: {
      const whole = { ...record, payload: JSON.stringify({ Records: given.records }) };
      await ports
        .objects()
        .put(bucket, objectKey(given, clock.now()), Buffer.from(JSON.stringify(whole)), caller);
    }
  }
};
