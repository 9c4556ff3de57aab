import type { Clock, Timer } from '../../clock.ts';
import { hiddenTooLong, notAvailable } from './errors.ts';
import {
  type Content,
  type Delivery,
  isReceived,
  type Message,
  newMessage,
  type Progress,
  unreceived,
} from './message.ts';
import { type DeliveryOrder, MessageBook } from './message-book.ts';
import { decodeReceipt, encodeReceipt, type Receipt } from './receipt-handle.ts';
import { WaitingReceives } from './waiting-receives.ts';

/** The attributes of a queue that its rules depend on. Times in milliseconds. */
export interface QueueSettings {
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly maxReceiveCount?: number | undefined;
  readonly deduplicationScope?: 'queue' | 'messageGroup' | undefined;
}

/** Learns of every change before it is acknowledged, so that the queue can be brought back after a crash. */
export interface Journal {
  added(message: Message): void;
  progressed(message: Message): void;
  removed(message: Message): void;
  purged(): void;
}

export type DeadLetters = (message: Message) => void;

export interface QueueOptions {
  /** Distinguishes the receipt handles of different queues. */
  readonly number: number;
  readonly clock: Clock;
  readonly settings: QueueSettings;
  readonly journal: Journal;
  /** What takes the messages that were received too often; nothing when there is no dead-letter queue. */
  readonly deadLetters?: (() => DeadLetters | undefined) | undefined;
}

export interface Receive {
  readonly max: number;
  readonly waitMs: number;
  readonly visibilityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** FIFO queues: `ReceiveRequestAttemptId`. */
  readonly attemptId?: string | undefined;
}

export interface Depth {
  readonly visible: number;
  readonly notVisible: number;
  readonly delayed: number;
  /** Age of the oldest message. */
  readonly oldestMs?: number;
}

/** "Amazon SQS message quotas": so many messages can be received and not yet deleted. */
export const IN_FLIGHT_LIMIT = 120_000;
const LONGEST_VISIBILITY_MS = 12 * 60 * 60 * 1000;

/**
 * What standard and FIFO queues share: visibility timeout, delay, retention, redrive, long polling.
 *
 * Nothing runs on its own: what time has changed (a timeout is over, a message is too old) is settled at the next
 * call, and a timer runs only while a receive waits.
 */
export abstract class MessageQueue {
  protected readonly clock: Clock;
  protected readonly book: MessageBook;
  protected readonly journal: Journal;
  protected settings: QueueSettings;
  readonly #number: number;
  readonly #order: DeliveryOrder;
  readonly #deadLetters: () => DeadLetters | undefined;
  readonly #waiting: WaitingReceives<Delivery>;
  #wake: { readonly at: number; readonly timer: Timer } | undefined;

  constructor(order: DeliveryOrder, { number, clock, settings, journal, deadLetters }: QueueOptions) {
    this.#order = order;
    this.#number = number;
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    this.#deadLetters = deadLetters ?? (() => undefined);
    this.book = new MessageBook(order);
    this.#waiting = new WaitingReceives(clock);
  }

  /** Whether the holder of this receipt may delete the message. May throw instead. */
  protected abstract mayDelete(message: Message, receipt: Receipt, handle: string): boolean;
  protected abstract mayChangeVisibility(message: Message, receipt: Receipt): boolean;
  /** A receive meets the in-flight limit. */
  protected abstract atLimit(receive: Receive): void;
  /** From when on a message that comes from another queue is kept. */
  protected abstract enqueuedAt(progress: Progress): number;

  /**
   * "ReceiveMessage". Resolves at once when there is a message, else when one comes, or with none after `waitMs` or
   * when the signal aborts.
   * @throws OverLimit (standard queue, short polling)
   */
  async receive(receive: Receive): Promise<Delivery[]> {
    this.settle();
    if (this.book.inFlight >= IN_FLIGHT_LIMIT) this.atLimit(receive);
    const deliveries = this.take(receive);
    if (deliveries.length > 0 || receive.waitMs <= 0 || receive.signal?.aborted) return deliveries;
    const waiting = this.#waiting.wait(receive.waitMs, () => this.take(receive), receive.signal);
    this.#armWake();
    return waiting;
  }

  /** "DeleteMessage": a message that is gone already is no error. @throws ReceiptHandleIsInvalid */
  delete(handle: string): Content | undefined {
    this.settle();
    const receipt = decodeReceipt(handle, this.#number);
    const message = this.book.find(receipt.messageId);
    if (!message || !this.mayDelete(message, receipt, handle)) return undefined;
    this.discard(message);
    this.serve();
    return message;
  }

  /** "ChangeMessageVisibility", counted from now. @throws ReceiptHandleIsInvalid, InvalidParameterValue */
  changeVisibility(handle: string, visibilityMs: number): void {
    this.settle();
    const receipt = decodeReceipt(handle, this.#number);
    const message = this.book.find(receipt.messageId);
    if (!message || !this.mayChangeVisibility(message, receipt)) throw notAvailable(handle);
    const now = this.clock.now();
    if (now + visibilityMs - (message.lastReceivedAt ?? now) > LONGEST_VISIBILITY_MS)
      throw hiddenTooLong(visibilityMs);
    this.hideUntil(message, now + visibilityMs);
    this.serve();
  }

  /** "PurgeQueue": what is in flight goes too. */
  purge(): void {
    this.book.clear();
    this.journal.purged();
  }

  change(settings: QueueSettings): void {
    this.settings = settings;
    this.settle();
    this.serve();
  }

  depth(): Depth {
    this.settle();
    const { oldest, size, hiddenCount, inFlight } = this.book;
    const depth = { visible: size - hiddenCount, notVisible: inFlight, delayed: hiddenCount - inFlight };
    return oldest ? { ...depth, oldestMs: this.clock.now() - oldest.enqueuedAt } : depth;
  }

  /** The first messages in the order of arrival; nothing is received by looking. */
  peek(limit: number): Message[] {
    this.settle();
    return this.book.first(limit);
  }

  isHidden(message: Message): boolean {
    return this.book.isHidden(message);
  }

  stateOf(message: Message): 'visible' | 'notVisible' | 'delayed' {
    if (!this.isHidden(message)) return 'visible';
    return isReceived(message) ? 'notVisible' : 'delayed';
  }

  /** Takes a message over from another queue, with its past. */
  takeOver(content: Content, progress: Progress): void {
    const now = this.clock.now();
    this.#add(content, { ...progress, enqueuedAt: this.enqueuedAt(progress), visibleAt: now });
    this.serve();
  }

  /** The message that the next receive would give. */
  nextVisible(): Message | undefined {
    this.settle();
    for (const message of this.#order.offered()) return message;
    return undefined;
  }

  /** Takes a message out for good, whether received or not. */
  discard(message: Message): void {
    this.book.remove(message);
    this.journal.removed(message);
  }

  /** Brings back what the journal kept, in the order of the keys. */
  restore(messages: Iterable<Message>): void {
    const now = this.clock.now();
    for (const message of messages) this.book.add(message, now);
    this.settle();
  }

  /** Lets every waiting receive go with nothing. */
  close(): void {
    this.#waiting.close();
    this.#wake?.timer.cancel();
    this.#wake = undefined;
  }

  /** Takes a message in, as yet unreceived. Who waits is served by `serve`. */
  protected add(content: Content, delayMs: number): void {
    const now = this.clock.now();
    this.#add(content, { ...unreceived, enqueuedAt: now, visibleAt: now + delayMs });
  }

  protected hideUntil(message: Message, at: number): void {
    this.book.hideUntil(message, at, this.clock.now());
    this.journal.progressed(message);
  }

  /** Gives messages to those who wait: after whatever may have made one visible. */
  protected serve(): void {
    if (this.#waiting.size === 0) return;
    this.#waiting.serve();
    this.#armWake();
  }

  /** Shows what was hidden long enough, and drops what was kept too long. */
  protected settle(): void {
    const now = this.clock.now();
    this.book.showDue(now);
    const tooOld = now - this.settings.retentionMs;
    for (let next = this.book.oldest; next && next.enqueuedAt <= tooOld; next = this.book.oldest)
      this.discard(next);
  }

  protected take({ max, visibilityMs = this.settings.visibilityMs }: Receive): Delivery[] {
    const now = this.clock.now();
    return this.#choose(Math.min(max, IN_FLIGHT_LIMIT - this.book.inFlight)).map((message) => {
      this.book.receive(message, now + visibilityMs, now);
      this.journal.progressed(message);
      return this.deliveryOf(message);
    });
  }

  protected deliveryOf(message: Message): Delivery {
    const { id: messageId, receiveCount, firstReceivedAt = this.clock.now() } = message;
    const receiptHandle = encodeReceipt({ queue: this.#number, messageId, receive: receiveCount });
    return { message, receiptHandle, receiveCount, firstReceivedAt };
  }

  /** "Using dead-letter queues": a message moves there when it would be received more than `maxReceiveCount` times. */
  #choose(max: number): Message[] {
    const chosen: Message[] = [];
    const exhausted: Message[] = [];
    if (max <= 0) return chosen;
    const deadLetters = this.#deadLetters();
    const allowed = deadLetters && this.settings.maxReceiveCount;
    for (const message of this.#order.offered()) {
      if (message.receiveCount - message.receivedElsewhere >= (allowed ?? Number.POSITIVE_INFINITY))
        exhausted.push(message);
      else if (chosen.push(message) === max) break;
    }
    for (const message of exhausted) {
      this.discard(message);
      deadLetters?.(message);
    }
    return chosen;
  }

  #add(content: Content, progress: Progress): void {
    const message = newMessage(this.book.nextKey, content, progress);
    this.book.add(message, this.clock.now());
    this.journal.added(message);
  }

  /** While somebody waits, the queue wakes when the next hidden message becomes visible. */
  #armWake(): void {
    const at = this.#waiting.size > 0 ? this.book.nextVisible?.visibleAt : undefined;
    if (at === undefined || (this.#wake && this.#wake.at <= at)) return;
    this.#wake?.timer.cancel();
    const timer = this.clock.after(at - this.clock.now(), () => {
      this.#wake = undefined;
      this.settle();
      this.serve();
      this.#armWake();
    });
    this.#wake = { at, timer };
  }
}
