/** What a list holds carries its own links: an item is in one list at a time, and leaves it in O(1). */
export interface Linked<T> {
  previous: T | undefined;
  next: T | undefined;
}

/** A doubly linked list without cells of its own. */
export class LinkedList<T extends Linked<T>> {
  first: T | undefined;
  last: T | undefined;

  append(item: T): void {
    item.previous = this.last;
    item.next = undefined;
    if (this.last) this.last.next = item;
    else this.first = item;
    this.last = item;
  }

  remove(item: T): void {
    if (item.previous) item.previous.next = item.next;
    else this.first = item.next;
    if (item.next) item.next.previous = item.previous;
    else this.last = item.previous;
    item.previous = undefined;
    item.next = undefined;
  }
}
