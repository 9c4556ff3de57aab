import { IndexedHeap } from './indexed-heap.ts';
import { isReceived, type Message } from './message.ts';
import { MessagesByAge } from './messages-by-age.ts';

/** In which order a kind of queue offers its visible messages. */
export interface DeliveryOrder {
  /** A message is in the queue, hidden at first. */
  joined(message: Message): void;
  /** A hidden message can be received now. */
  appeared(message: Message): void;
  /** A visible message cannot be received any more. */
  disappeared(message: Message): void;
  /** A message that was hidden is no more in the queue. */
  left(message: Message): void;
  /** The messages that may be received, first ones first. Bears that the message just given disappears or leaves. */
  offered(): Iterable<Message>;
  emptied(): void;
}

/**
 * All messages of a queue: which are hidden and until when, how many are in flight, which are the oldest.
 * Adding, hiding, showing and removing one costs O(log n) of the hidden ones, or of those that came late, at most.
 */
export class MessageBook {
  readonly #order: DeliveryOrder;
  #messages = new Map<string, Message>();
  #hidden = hiddenMessages();
  #byAge = new MessagesByAge();
  #nextKey = 1;
  #inFlight = 0;

  constructor(order: DeliveryOrder) {
    this.#order = order;
  }

  /** The key that the next message gets. */
  get nextKey(): number {
    return this.#nextKey;
  }

  get size(): number {
    return this.#messages.size;
  }

  get hiddenCount(): number {
    return this.#hidden.size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get oldest(): Message | undefined {
    return this.#byAge.oldest;
  }

  /** The hidden message that becomes visible first. */
  get nextVisible(): Message | undefined {
    return this.#hidden.least;
  }

  find(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  isHidden(message: Message): boolean {
    return this.#hidden.has(message);
  }

  /** In the order of arrival. */
  first(limit: number): Message[] {
    const messages: Message[] = [];
    for (const message of this.#messages.values()) {
      if (messages.length >= limit) break;
      messages.push(message);
    }
    return messages;
  }

  /** Hidden messages that nobody has received yet. */
  delayed(): Message[] {
    return this.#hidden.items().filter((message) => !isReceived(message));
  }

  add(message: Message, now: number): void {
    this.#nextKey = Math.max(this.#nextKey, message.key + 1);
    this.#messages.set(message.id, message);
    this.#byAge.add(message);
    this.#order.joined(message);
    this.#hide(message);
    this.#showIfDue(message, now);
  }

  hideUntil(message: Message, at: number, now: number): void {
    this.#withdraw(message);
    message.visibleAt = at;
    this.#hide(message);
    this.#showIfDue(message, now);
  }

  /** A receive: counts it, and hides the message. */
  receive(message: Message, visibleAt: number, now: number): void {
    this.#withdraw(message);
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.lastReceivedAt = now;
    message.visibleAt = visibleAt;
    this.#hide(message);
    this.#showIfDue(message, now);
  }

  remove(message: Message): void {
    this.#withdraw(message);
    this.#byAge.remove(message);
    this.#messages.delete(message.id);
    this.#order.left(message);
  }

  /** Shows every message whose time has come. */
  showDue(now: number): void {
    for (let next = this.#hidden.least; next && next.visibleAt <= now; next = this.#hidden.least)
      this.#show(next);
  }

  clear(): void {
    this.#messages = new Map();
    this.#hidden = hiddenMessages();
    this.#byAge = new MessagesByAge();
    this.#inFlight = 0;
    this.#order.emptied();
  }

  #showIfDue(message: Message, now: number): void {
    if (message.visibleAt <= now) this.#show(message);
  }

  #hide(message: Message): void {
    this.#hidden.add(message);
    if (isReceived(message)) this.#inFlight += 1;
  }

  #unhide(message: Message): void {
    this.#hidden.remove(message);
    if (isReceived(message)) this.#inFlight -= 1;
  }

  #show(message: Message): void {
    this.#unhide(message);
    this.#order.appeared(message);
  }

  #withdraw(message: Message): void {
    if (this.#hidden.has(message)) this.#unhide(message);
    else this.#order.disappeared(message);
  }
}

const hiddenMessages = () =>
  new IndexedHeap<Message>(
    (a, b) => a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.key < b.key),
    {
      get: (message) => message.hiddenIndex,
      set: (message, index) => {
        message.hiddenIndex = index;
      },
    },
  );
