import type { KinesisStreamRecord } from 'aws-lambda';

/** A record of a partitioned log, whichever broker keeps it: what consumers need that run from Kinesis and from Kafka. */
export interface LogRecord {
  /** The shard, or topic and partition. Records of one partition are in order. */
  readonly partition: string;
  /** Its place in the partition, decimal digits: the sequence number, or the offset. It only grows. */
  readonly offset: string;
  readonly key: string;
  /** When the broker took it. */
  readonly at: Date;
  readonly value: string;
}

/** The event's id is "shardId-000000000000:sequence number" (Lambda guide, "Using Lambda with Kinesis"). */
export const fromKinesis = ({ eventID, kinesis }: KinesisStreamRecord): LogRecord => ({
  partition: eventID.slice(0, eventID.indexOf(':')),
  offset: kinesis.sequenceNumber,
  key: kinesis.partitionKey,
  at: new Date(kinesis.approximateArrivalTimestamp * 1000),
  value: Buffer.from(kinesis.data, 'base64').toString('utf8'),
});
