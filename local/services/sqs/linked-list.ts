/** Where an item stands in a list. */
export interface Linked<T> {
  previous: T | undefined;
  next: T | undefined;
}

/** A doubly linked list without cells of its own: what it holds carries the links, and leaves it in O(1). */
export class LinkedList<T> {
  first: T | undefined;
  last: T | undefined;
  readonly #linksOf: (item: T) => Linked<T>;

  /** @param linksOf the links of an item that belong to this list, and to no other while it is in it */
  constructor(linksOf: (item: T) => Linked<T>) {
    this.#linksOf = linksOf;
  }

  append(item: T): void {
    const links = this.#linksOf(item);
    links.previous = this.last;
    links.next = undefined;
    if (this.last) this.#linksOf(this.last).next = item;
    else this.first = item;
    this.last = item;
  }

  remove(item: T): void {
    const links = this.#linksOf(item);
    if (links.previous) this.#linksOf(links.previous).next = links.next;
    else this.first = links.next;
    if (links.next) this.#linksOf(links.next).previous = links.previous;
    else this.last = links.previous;
    links.previous = undefined;
    links.next = undefined;
  }
}
