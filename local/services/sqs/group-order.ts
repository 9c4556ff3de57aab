import { type Linked, LinkedList } from './linked-list.ts';
import type { Message } from './message.ts';
import type { DeliveryOrder } from './message-book.ts';

/** The messages of a group in the order in which they were sent, visible or not. */
interface Group extends Linked<Group> {
  readonly messages: LinkedList<Message>;
  /** Among the groups of which something can be received. */
  ready: boolean;
}

/**
 * "FIFO queue delivery logic": a message is offered when no earlier one of its group is hidden. Groups take turns:
 * one from which was received goes behind the others.
 */
export class GroupOrder implements DeliveryOrder {
  readonly #isHidden: (message: Message) => boolean;
  #groups = new Map<string, Group>();
  #ready = readyGroups();

  constructor(isHidden: (message: Message) => boolean) {
    this.#isHidden = isHidden;
  }

  joined(message: Message): void {
    const id = groupOf(message);
    const group = this.#groups.get(id) ?? newGroup();
    this.#groups.set(id, group);
    group.messages.append(message);
  }

  appeared(message: Message): void {
    this.#review(message);
  }

  disappeared(message: Message): void {
    const group = this.#groups.get(groupOf(message));
    if (group?.ready && group.messages.first === message) this.#setReady(group, false);
  }

  left(message: Message): void {
    const id = groupOf(message);
    const group = this.#groups.get(id);
    if (!group) return;
    group.messages.remove(message);
    this.#review(message);
    if (!group.messages.first) this.#groups.delete(id);
  }

  *offered(): Iterable<Message> {
    let group = this.#ready.first;
    while (group) {
      const { next } = group;
      yield* this.#unblocked(group);
      group = next;
    }
  }

  emptied(): void {
    this.#groups = new Map();
    this.#ready = readyGroups();
  }

  *#unblocked({ messages }: Group): Iterable<Message> {
    let message = messages.first;
    while (message && !this.#isHidden(message)) {
      const { next } = message;
      yield message;
      message = next;
    }
  }

  #review(message: Message): void {
    const group = this.#groups.get(groupOf(message));
    if (!group) return;
    const head = group.messages.first;
    this.#setReady(group, head !== undefined && !this.#isHidden(head));
  }

  #setReady(group: Group, ready: boolean): void {
    if (group.ready === ready) return;
    group.ready = ready;
    if (ready) this.#ready.append(group);
    else this.#ready.remove(group);
  }
}

const groupOf = (message: Message): string => message.groupId ?? '';

const newGroup = (): Group => ({
  messages: new LinkedList<Message>((message) => message),
  ready: false,
  previous: undefined,
  next: undefined,
});

const readyGroups = () => new LinkedList<Group>((group) => group);
