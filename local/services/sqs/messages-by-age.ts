import { IndexedHeap } from './indexed-heap.ts';
import { LinkedList } from './linked-list.ts';
import type { Message } from './message.ts';

/**
 * Which message of a queue is the oldest. Messages come nearly always in the order of their age and cost the same in
 * a deep queue as in a shallow one; only dead letters, which keep the time at which they were first sent, cost O(log n).
 */
export class MessagesByAge {
  readonly #inOrder = new LinkedList<Message>(({ age }) => age);
  readonly #late = new IndexedHeap<Message>((a, b) => a.enqueuedAt < b.enqueuedAt, {
    get: (message) => message.lateIndex,
    set: (message, index) => {
      message.lateIndex = index;
    },
  });

  get oldest(): Message | undefined {
    const { first } = this.#inOrder;
    const late = this.#late.least;
    return first && late ? (late.enqueuedAt < first.enqueuedAt ? late : first) : (first ?? late);
  }

  add(message: Message): void {
    const { last } = this.#inOrder;
    if (last && message.enqueuedAt < last.enqueuedAt) this.#late.add(message);
    else this.#inOrder.append(message);
  }

  remove(message: Message): void {
    if (this.#late.has(message)) this.#late.remove(message);
    else this.#inOrder.remove(message);
  }
}
