import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, MessageAttribute, OutgoingMessage, Queues } from '../../ports.ts';
import type { Protocol } from '../service.ts';

/** A message as a consumer gets it, in the terms of a Lambda event record. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** `ApproximateReceiveCount`, `SentTimestamp`, `SenderId`, `ApproximateFirstReceiveTimestamp`, and those that apply of `SequenceNumber`, `MessageGroupId`, `MessageDeduplicationId`, `AWSTraceHeader`, `DeadLetterQueueSourceArn`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly md5OfMessageAttributes?: string;
}

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly max: number;
  /** How long to wait for the first message, up to 20,000 ms. */
  readonly waitMs: number;
  /** @default the queue's visibility timeout */
  readonly visibilityMs?: number;
  /** Ends the waiting: the receive then resolves with no message, and none is taken. */
  readonly signal?: AbortSignal;
}

export interface QueueDepth {
  readonly visible: number;
  readonly notVisible: number;
  readonly delayed: number;
  /** Age of the oldest message that is not deleted; missing when the queue is empty. */
  readonly oldestMs?: number;
}

export interface QueueDefinition {
  readonly name: string;
  /** As in CreateQueue: every value is a string. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A queue's message seen without being received. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly state: 'visible' | 'notVisible' | 'delayed';
}

const unfinished = (): never => {
  throw new AwsError('InternalFailure', 'not built', 500);
};

/** Amazon SQS. */
export class Sqs implements Queues {
  readonly protocol: Protocol = { handle: async () => unfinished() };

  constructor(_foundation: Foundation) {}

  async send(
    _queueArn: string,
    _message: OutgoingMessage,
    _caller: Caller,
  ): Promise<{ readonly messageId: string }> {
    return unfinished();
  }

  async receive(_queueArn: string, _options: ReceiveOptions): Promise<ReceivedMessage[]> {
    return unfinished();
  }

  async deleteMessages(_queueArn: string, _receiptHandles: readonly string[]): Promise<void> {
    return unfinished();
  }

  async changeVisibility(_queueArn: string, _receiptHandle: string, _visibilityMs: number): Promise<void> {
    return unfinished();
  }

  attributes(_queueArn: string): { readonly visibilityTimeoutMs: number; readonly fifo: boolean } {
    return unfinished();
  }

  /** Makes sure that the queue exists with these attributes: changes them on a queue that is there, and keeps its messages. */
  async createQueue(_queue: QueueDefinition): Promise<{ readonly arn: string; readonly url: string }> {
    return unfinished();
  }

  depth(_queueArn: string): QueueDepth {
    return unfinished();
  }

  /** The first messages, oldest first; nothing is received or counted. */
  peek(_queueArn: string, _limit: number): PeekedMessage[] {
    return unfinished();
  }

  async close(): Promise<void> {}
}
