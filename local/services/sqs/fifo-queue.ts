import { createHash } from 'node:crypto';
import {
  type Accepted,
  type Deduplication,
  type DeduplicationJournal,
  DeduplicationWindow,
} from './deduplication-window.ts';
import { invalidValue } from './errors.ts';
import { GroupOrder } from './group-order.ts';
import type { Content, Delivery, Message, Progress } from './message.ts';
import {
  type Journal,
  MessageQueue,
  type QueueOptions,
  type QueueSettings,
  type Receive,
} from './message-queue.ts';
import type { Receipt } from './receipt-handle.ts';
import { ReceiveAttempts } from './receive-attempts.ts';
import { SequenceNumbers } from './sequence-numbers.ts';

export interface FifoQueueOptions extends QueueOptions {
  readonly journal: Journal & DeduplicationJournal;
}

/** A message before it has its sequence number. */
export interface FifoContent extends Content {
  readonly groupId: string;
  /** @default the SHA-256 of the body */
  readonly deduplicationId?: string | undefined;
}

/** "Changes to a queue's attributes can take up to 60 seconds to propagate": until then the old scope counts. */
const SCOPE_CHANGE_MS = 60_000;

/** Amazon SQS, FIFO queue: order in each message group, no duplicates within five minutes ("Amazon SQS FIFO queues"). */
export class FifoQueue extends MessageQueue {
  readonly #window: DeduplicationWindow;
  readonly #attempts = new ReceiveAttempts();
  readonly #sequenceNumbers = new SequenceNumbers();
  #scope: { readonly previous: QueueSettings['deduplicationScope']; readonly until: number } | undefined;

  constructor(options: FifoQueueOptions) {
    super(new GroupOrder((message) => this.isHidden(message)), options);
    this.#window = new DeduplicationWindow(options.journal);
  }

  /**
   * "SendMessage", "SendMessageBatch". A duplicate is accepted like its original, and not delivered.
   * @returns one answer for each message, in order
   */
  send(contents: readonly FifoContent[]): Accepted[] {
    this.settle();
    const accepted = contents.map((content) => this.#accept(content));
    this.serve();
    return accepted;
  }

  /** With the attempt id of an earlier receive: the same messages again, hidden anew. */
  override async receive(receive: Receive): Promise<Delivery[]> {
    this.settle();
    const now = this.clock.now();
    const inFlight = (message: Message) =>
      this.book.find(message.id) === message && this.book.isHidden(message);
    const again = receive.attemptId && this.#attempts.recall(receive.attemptId, now, inFlight);
    if (!again) return super.receive(receive);
    const visibleAt = now + (receive.visibilityMs ?? this.settings.visibilityMs);
    for (const message of again) this.hideUntil(message, visibleAt);
    if (receive.attemptId) this.#attempts.remember(receive.attemptId, again, now);
    return again.map((message) => this.deliveryOf(message));
  }

  /** "Amazon SQS delay queues": on a FIFO queue a changed delay also counts for the messages that are delayed now. */
  override change(settings: QueueSettings): void {
    const { delayMs, deduplicationScope } = this.settings;
    if (settings.deduplicationScope !== deduplicationScope)
      this.#scope = { previous: deduplicationScope, until: this.clock.now() + SCOPE_CHANGE_MS };
    if (settings.delayMs !== delayMs)
      for (const message of this.book.delayed())
        this.hideUntil(message, message.enqueuedAt + settings.delayMs);
    super.change(settings);
  }

  override restore(messages: Iterable<Message>): void {
    const kept = [...messages];
    for (const { sequenceNumber } of kept) this.#sequenceNumbers.passed(sequenceNumber);
    super.restore(kept);
  }

  restoreWindow(entries: Iterable<Deduplication>): void {
    for (const entry of entries) {
      this.#sequenceNumbers.passed(entry.sequenceNumber);
      this.#window.restore(entry);
    }
  }

  override takeOver(content: Content, progress: Progress): void {
    const sequenceNumber = this.#sequenceNumbers.next(this.clock.now());
    super.takeOver({ ...content, sequenceNumber }, progress);
  }

  protected override take(receive: Receive): Delivery[] {
    const deliveries = super.take(receive);
    if (receive.attemptId && deliveries.length > 0) {
      const messages = deliveries.flatMap(({ message }) => this.book.find(message.id) ?? []);
      this.#attempts.remember(receive.attemptId, messages, this.clock.now());
    }
    return deliveries;
  }

  /** Once the visibility timeout is over, the receipt handle has no effect (recorded on AWS, 28-03-2025). */
  protected override mayDelete(message: Message, receipt: Receipt, handle: string): boolean {
    if (receipt.receive === message.receiveCount && this.isHidden(message)) return true;
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }

  protected override mayChangeVisibility(message: Message, receipt: Receipt): boolean {
    return receipt.receive === message.receiveCount && this.isHidden(message);
  }

  /** "Amazon SQS message quotas": at the limit a FIFO queue has nothing to receive, and gives no error. */
  protected override atLimit(): void {}

  /** "Using dead-letter queues": in a FIFO queue the time that a message is kept begins anew. */
  protected override enqueuedAt(): number {
    return this.clock.now();
  }

  #accept(content: FifoContent): Accepted {
    const now = this.clock.now();
    const deduplicationId =
      content.deduplicationId ?? createHash('sha256').update(content.body).digest('hex');
    const key =
      this.#scopeAt(now) === 'messageGroup' ? `${content.groupId} ${deduplicationId}` : deduplicationId;
    const earlier = this.#window.find(key, now);
    if (earlier) return earlier;
    const sequenceNumber = this.#sequenceNumbers.next(now);
    const accepted = { messageId: content.id, sequenceNumber };
    this.add({ ...content, deduplicationId, sequenceNumber }, this.settings.delayMs);
    this.#window.add({ ...accepted, key, at: now });
    return accepted;
  }

  #scopeAt(now: number): QueueSettings['deduplicationScope'] {
    return this.#scope && now < this.#scope.until ? this.#scope.previous : this.settings.deduplicationScope;
  }
}
