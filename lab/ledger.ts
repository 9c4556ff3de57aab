import { idOf, type MessageId } from './message.ts';

/**
 * What the producer knows of a message: the broker took it, the broker refused it, or the connection broke and nobody knows.
 */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

/** What a send came to, and in the broker's word why it was not taken. */
export interface Answer {
  readonly outcome: Outcome;
  readonly reason?: string;
}

export interface Sent extends MessageId, Answer {
  readonly intendedAt: number;
  /** When its sending began. */
  readonly sentAt: number;
  /** When the answer came, or that there is none was clear. */
  readonly answeredAt: number;
}

/** One message in the hands of one consumer. */
export interface Received extends MessageId {
  /** Consumers of one group share the messages; each group has all of them. */
  readonly group: string;
  readonly consumer: string;
  readonly intendedAt: number;
  readonly at: number;
  /** The broker itself said that it had delivered it before. */
  readonly redelivered: boolean;
  /** The consumer died with it in its hands: its work was not done. */
  readonly held?: boolean;
}

/** All that was sent and all that was seen in one run. */
export class Ledger {
  readonly #sent: Sent[] = [];
  readonly #received = new Map<string, Received[]>();
  readonly #acknowledged = new Set<string>();
  readonly #handled = new Map<string, Set<string>>();

  sent(one: Sent): void {
    this.#sent.push(one);
    if (one.outcome === 'acknowledged') this.#acknowledged.add(idOf(one));
  }

  received(one: Received): void {
    const { group, held } = one;
    this.#received.set(group, this.receivedBy(group)).get(group)?.push(one);
    if (!held) this.#handled.set(group, this.#handledBy(group)).get(group)?.add(idOf(one));
  }

  /** In the order in which it was sent: acknowledgements come in any. */
  allSent(): readonly Sent[] {
    return this.#sent.sort((one, other) => one.intendedAt - other.intendedAt);
  }

  /** In the order in which it was reported. */
  receivedBy(group: string): Received[] {
    return this.#received.get(group) ?? [];
  }

  /** How many messages the broker has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** How many different messages a group has handled. */
  handledBy(group: string): number {
    return this.#handledBy(group).size;
  }

  /** The backlog of a group: what the broker has acknowledged and nobody of the group has handled yet. */
  waiting(group: string): number {
    const handled = this.#handledBy(group);
    let waiting = 0;
    for (const id of this.#acknowledged) if (!handled.has(id)) waiting += 1;
    return waiting;
  }

  #handledBy(group: string): Set<string> {
    return this.#handled.get(group) ?? new Set();
  }
}
