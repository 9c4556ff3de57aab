import type { MessageAttribute } from '../ports.ts';

/** A received message, as an SQS event record needs it. */
export interface PolledMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly md5OfMessageAttributes?: string;
}

/** What the poller needs of Amazon SQS. */
export interface PollableQueues {
  receive(
    queueArn: string,
    options: { readonly max: number; readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<readonly PolledMessage[]>;
  deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Throws AwsError when there is no such queue. */
  attributes(queueArn: string): { readonly visibilityTimeoutMs: number; readonly fifo: boolean };
  depth(queueArn: string): { readonly visible: number };
}
