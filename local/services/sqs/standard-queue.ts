import { SqsError } from './errors.ts';
import { FairOrder } from './fair-order.ts';
import type { Content, Message, Progress } from './message.ts';
import { MessageQueue, type QueueOptions, type Receive } from './message-queue.ts';
import type { Receipt } from './receipt-handle.ts';

export interface StandardEntry {
  readonly content: Content;
  /** @default the queue's delay */
  readonly delayMs?: number | undefined;
}

/** Amazon SQS, standard queue: at least once, best-effort order ("Amazon SQS standard queues"). */
export class StandardQueue extends MessageQueue {
  constructor(options: QueueOptions) {
    super(new FairOrder(() => this.book.inFlight), options);
  }

  /** "SendMessage", "SendMessageBatch": a receive that waits gets them together. */
  send(entries: readonly StandardEntry[]): void {
    this.settle();
    for (const { content, delayMs = this.settings.delayMs } of entries) this.add(content, delayMs);
    this.serve();
  }

  /** "DeleteMessage": with an older receipt handle the request succeeds, and the message stays. */
  protected override mayDelete(message: Message, receipt: Receipt): boolean {
    return receipt.receive === message.receiveCount;
  }

  /** Any receipt handle of the message will do, and also after its timeout (recorded on AWS, 30-04-2024). */
  protected override mayChangeVisibility(): boolean {
    return true;
  }

  /** "Amazon SQS message quotas": an error with short polling, nothing to receive with long polling. */
  protected override atLimit({ waitMs }: Receive): void {
    if (waitMs > 0) return;
    throw new SqsError('OverLimit', 'Too many messages in flight: 120000 are received and not yet deleted.');
  }

  /** "Using dead-letter queues": the time that a message is kept counts from when it was first sent. */
  protected override enqueuedAt(progress: Progress): number {
    return progress.enqueuedAt;
  }
}
