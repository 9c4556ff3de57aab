import type { KinesisStreamRecord, SQSRecord } from 'aws-lambda';

export const sqsRecord = (
  messageId: string,
  body: string,
  groupId?: string,
  sequenceNumber = '1',
): SQSRecord => ({
  messageId,
  body,
  receiptHandle: `handle of ${messageId}`,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'test',
    ApproximateFirstReceiveTimestamp: '0',
    ...(groupId !== undefined && { MessageGroupId: groupId, SequenceNumber: sequenceNumber }),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
  awsRegion: 'us-east-1',
});

export const kinesisRecord = (sequenceNumber: string, text: string): KinesisStreamRecord => ({
  kinesis: {
    sequenceNumber,
    data: Buffer.from(text).toString('base64'),
    partitionKey: 'key',
    kinesisSchemaVersion: '1.0',
    approximateArrivalTimestamp: 0,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `shardId-000000000000:${sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: 'arn:aws:iam::000000000000:role/test',
  awsRegion: 'us-east-1',
  eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/test',
});
