import type { StreamRecord } from '../services/kinesis/stream.ts';
import { filterablePayload } from './filter-criteria.ts';

export interface RecordOrigin {
  /** The stream's ARN, or its consumer's. */
  readonly sourceArn: string;
  readonly shardId: string;
  readonly region: string;
  /** The function's role. */
  readonly roleArn: string;
}

/** One record of a Kinesis event (Lambda guide, "Using Lambda with Kinesis"; recorded on AWS). */
export const kinesisRecord = (
  { sequenceNumber, partitionKey, data, at }: StreamRecord,
  { sourceArn, shardId, region, roleArn }: RecordOrigin,
) => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey,
    sequenceNumber,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: at / 1000,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shardId}:${sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: roleArn,
  awsRegion: region,
  eventSourceARN: sourceArn,
});

export type KinesisRecord = ReturnType<typeof kinesisRecord>;

/** The record as filter patterns see it: `data` stands beside `kinesis`' own fields, decoded. */
export const filterable = (record: KinesisRecord): unknown => {
  const data = filterablePayload(Buffer.from(record.kinesis.data, 'base64').toString());
  return { ...record, data, kinesis: { ...record.kinesis, data } };
};
