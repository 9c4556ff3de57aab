/** Where an item of a heap remembers its place, so that it can leave from the middle. */
export interface Place<T> {
  get(item: T): number;
  set(item: T, index: number): void;
}

/** The index of an item that is in no heap. */
export const NOWHERE = -1;

/** A binary heap, least first, whose items can be removed from anywhere in O(log n). */
export class IndexedHeap<T> {
  readonly #items: T[] = [];
  readonly #less: (a: T, b: T) => boolean;
  readonly #place: Place<T>;

  constructor(less: (a: T, b: T) => boolean, place: Place<T>) {
    this.#less = less;
    this.#place = place;
  }

  get size(): number {
    return this.#items.length;
  }

  get least(): T | undefined {
    return this.#items[0];
  }

  items(): readonly T[] {
    return this.#items;
  }

  has(item: T): boolean {
    return this.#place.get(item) !== NOWHERE;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#up(item, this.#items.length - 1);
  }

  /** Does nothing when the item is not here. */
  remove(item: T): void {
    const index = this.#place.get(item);
    if (index === NOWHERE) return;
    this.#place.set(item, NOWHERE);
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#up(last, index);
    this.#down(last, this.#place.get(last));
  }

  #up(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (parent === undefined || !this.#less(item, parent)) break;
      this.#put(parent, index);
      index = parentIndex;
    }
    this.#put(item, index);
  }

  #down(item: T, from: number): void {
    let index = from;
    for (;;) {
      const childIndex = this.#lesserChild(index);
      const child = this.#items[childIndex];
      if (child === undefined || !this.#less(child, item)) break;
      this.#put(child, index);
      index = childIndex;
    }
    this.#put(item, index);
  }

  #lesserChild(index: number): number {
    const leftIndex = 2 * index + 1;
    const left = this.#items[leftIndex];
    const right = this.#items[leftIndex + 1];
    return left !== undefined && right !== undefined && this.#less(right, left) ? leftIndex + 1 : leftIndex;
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    this.#place.set(item, index);
  }
}
