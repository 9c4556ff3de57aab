import { idOf, type MessageId } from './message.ts';

/**
 * What the producer knows of a message: the broker took it, the broker refused it, or the connection broke and nobody knows.
 */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

export interface Sent extends MessageId {
  readonly outcome: Outcome;
  readonly intendedAt: number;
  readonly acknowledgedAt?: number;
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
}

/** All that was sent and all that was seen in one run, in the order in which it happened. */
export class Ledger {
  readonly sent: Sent[] = [];
  readonly received: Received[] = [];

  acknowledged(): number {
    return this.sent.filter(({ outcome }) => outcome === 'acknowledged').length;
  }

  /** How many different messages a group has seen. */
  seenBy(group: string): number {
    return new Set(this.received.filter((one) => one.group === group).map(idOf)).size;
  }
}
