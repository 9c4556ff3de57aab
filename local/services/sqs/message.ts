import type { MessageAttribute } from '../../ports.ts';
import { NOWHERE } from './indexed-heap.ts';
import type { Linked } from './linked-list.ts';

/** What the sender gave, and what SQS added when it accepted the message. Nothing of it changes. */
export interface Content {
  readonly id: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>> | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly sequenceNumber?: string | undefined;
  readonly traceHeader?: string | undefined;
  readonly senderId: string;
  /** `SentTimestamp`: it survives the way into a dead-letter queue. */
  readonly sentAt: number;
  readonly deadLetterSourceArn?: string | undefined;
}

/** What the queue knows of a message's deliveries. Times in milliseconds since the epoch. */
export interface Progress {
  /** Retention counts from here. */
  readonly enqueuedAt: number;
  /** Receives before the message came into this queue: `maxReceiveCount` does not count them. */
  readonly receivedElsewhere: number;
  /** `ApproximateReceiveCount`, over all queues; also numbers the receipt handles. */
  receiveCount: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number | undefined;
  visibleAt: number;
}

/** A message in a queue. `key` is its place in the order of arrival, unique within the queue. */
export interface Message extends Content, Progress, Linked<Message> {
  readonly key: number;
  hiddenIndex: number;
  lateIndex: number;
  readonly age: Linked<Message>;
}

export const newMessage = (key: number, content: Content, progress: Progress): Message => ({
  key,
  id: content.id,
  body: content.body,
  attributes: content.attributes,
  groupId: content.groupId,
  deduplicationId: content.deduplicationId,
  sequenceNumber: content.sequenceNumber,
  traceHeader: content.traceHeader,
  senderId: content.senderId,
  sentAt: content.sentAt,
  deadLetterSourceArn: content.deadLetterSourceArn,
  enqueuedAt: progress.enqueuedAt,
  receivedElsewhere: progress.receivedElsewhere,
  receiveCount: progress.receiveCount,
  firstReceivedAt: progress.firstReceivedAt,
  lastReceivedAt: progress.lastReceivedAt,
  visibleAt: progress.visibleAt,
  hiddenIndex: NOWHERE,
  lateIndex: NOWHERE,
  age: { previous: undefined, next: undefined },
  previous: undefined,
  next: undefined,
});

/** The past of a message that nobody has received. */
export const unreceived = {
  receivedElsewhere: 0,
  receiveCount: 0,
  firstReceivedAt: undefined,
  lastReceivedAt: undefined,
} as const;

/** Hidden because a consumer has it, not because it is delayed. */
export const isReceived = (message: Message): boolean => message.receiveCount > message.receivedElsewhere;

/** One delivery of a message. The message itself goes on changing, so what counts for the consumer is copied. */
export interface Delivery {
  readonly message: Content;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}
