import type { MessageAttribute } from '../../ports.ts';
import type { Content, Delivery, Message } from './message.ts';
import { md5, md5OfAttributes } from './message-attributes.ts';

/** A message as a consumer gets it, in the terms of a Lambda event record. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /**
   * `ApproximateReceiveCount`, `SentTimestamp`, `SenderId`, `ApproximateFirstReceiveTimestamp`, and those that apply of
   * `SequenceNumber`, `MessageGroupId`, `MessageDeduplicationId`, `AWSTraceHeader`, `DeadLetterQueueSourceArn`.
   */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly md5OfMessageAttributes?: string;
}

/** What a receive can ask for of a message besides its own attributes (SQS API, "ReceiveMessage"). */
export const systemAttributeNames = [
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
] as const;

/** A queue's message seen without being received. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly state: 'visible' | 'notVisible' | 'delayed';
}

export const receivedMessage = (delivery: Delivery): ReceivedMessage => {
  const { message, receiptHandle, receiveCount, firstReceivedAt } = delivery;
  return {
    messageId: message.id,
    receiptHandle,
    body: message.body,
    md5OfBody: md5(message.body),
    attributes: systemAttributes(message, receiveCount, firstReceivedAt),
    messageAttributes: message.attributes ?? {},
    ...(message.attributes && { md5OfMessageAttributes: md5OfAttributes(message.attributes) }),
  };
};

export const peekedMessage = (message: Message, state: PeekedMessage['state']): PeekedMessage => ({
  messageId: message.id,
  body: message.body,
  attributes: systemAttributes(message, message.receiveCount, message.firstReceivedAt),
  messageAttributes: message.attributes ?? {},
  state,
});

const systemAttributes = (
  message: Content,
  receiveCount: number,
  firstReceivedAt: number | undefined,
): Record<string, string> => {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: message.senderId,
  };
  if (firstReceivedAt !== undefined) attributes.ApproximateFirstReceiveTimestamp = String(firstReceivedAt);
  if (message.sequenceNumber !== undefined) attributes.SequenceNumber = message.sequenceNumber;
  if (message.groupId !== undefined) attributes.MessageGroupId = message.groupId;
  if (message.deduplicationId !== undefined) attributes.MessageDeduplicationId = message.deduplicationId;
  if (message.traceHeader !== undefined) attributes.AWSTraceHeader = message.traceHeader;
  if (message.deadLetterSourceArn !== undefined)
    attributes.DeadLetterQueueSourceArn = message.deadLetterSourceArn;
  return attributes;
};
