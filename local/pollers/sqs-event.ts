import type { MessageAttribute } from '../ports.ts';
import { filterablePayload } from './filter-criteria.ts';
import type { PolledMessage } from './sqs.ts';

/** An attribute as it stands in a record (recorded on AWS: empty lists, the value by its kind, then the data type). */
const recordAttribute = ({ dataType, stringValue, binaryValue }: MessageAttribute) => ({
  ...(stringValue !== undefined && { stringValue }),
  ...(binaryValue !== undefined && { binaryValue: Buffer.from(binaryValue).toString('base64') }),
  stringListValues: [],
  binaryListValues: [],
  dataType,
});

/** One record of an SQS event (Lambda guide, "Using Lambda with Amazon SQS"). */
export const sqsRecord = (message: PolledMessage, queueArn: string, region: string) => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: Object.fromEntries(
    Object.entries(message.messageAttributes).map(([name, attribute]) => [name, recordAttribute(attribute)]),
  ),
  ...(message.md5OfMessageAttributes !== undefined && {
    md5OfMessageAttributes: message.md5OfMessageAttributes,
  }),
  md5OfBody: message.md5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
});

export type SqsRecord = ReturnType<typeof sqsRecord>;

/** The record as filter patterns see it: with its body parsed. */
export const filterable = (record: SqsRecord): unknown => ({
  ...record,
  body: filterablePayload(record.body),
});
