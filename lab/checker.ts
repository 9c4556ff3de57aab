import type { Received, Sent } from './ledger.ts';
import { idOf } from './message.ts';

/** What became of the messages of a run, as one group of consumers saw it. Ids are `producer/key/seq`. */
export interface Findings {
  readonly acknowledged: number;
  /** Refused by the broker, by its word for why. */
  readonly refused: Readonly<Record<string, number>>;
  /** Nobody knows whether the broker has taken them. */
  readonly unknown: number;
  readonly delivered: number;
  /** Acknowledged, and never handled: not seen, or only by a consumer that died with it in its hands. */
  readonly lost: readonly string[];
  /** Seen again although the broker did not say so. */
  readonly duplicates: readonly string[];
  /** Seen again, and the broker said so. */
  readonly redeliveries: number;
  /** Handled for the first time after a later one of its producer and key. */
  readonly inversionsPerKey: readonly string[];
  /** Handled for the first time after one that its producer began to send when it had the answer to this, whatever the key. */
  readonly inversionsOverall: number;
  /** Seen, and never sent. */
  readonly phantoms: readonly string[];
  /** Nobody knew whether the broker had taken them; it had. */
  readonly unknownDelivered: number;
  /** The broker refused them, and delivered them all the same. */
  readonly failedDelivered: readonly string[];
}

/**
 * Judges one group's log. Pure: the same two lists give the same findings.
 *
 * @param sent in the order in which it was sent
 * @param received in the order in which it was seen, of one group
 */
export const check = (sent: readonly Sent[], received: readonly Received[]): Findings => {
  const outcomes = new Map(sent.map((one) => [idOf(one), one]));
  const seen = new Set<string>();
  const handled = new Set<string>();
  const latestOfKey = new Map<string, number>();
  const latestOfProducer = new Map<string, number>();
  const findings = {
    duplicates: [] as string[],
    redeliveries: 0,
    inversionsPerKey: [] as string[],
    inversionsOverall: 0,
    phantoms: [] as string[],
    unknownDelivered: 0,
    failedDelivered: [] as string[],
  };
  for (const one of received) {
    const id = idOf(one);
    const known = outcomes.get(id);
    // What a consumer died on had no turn yet: it may have lost its place by the time that it comes again.
    if (known && !one.held && !handled.has(id)) {
      if (isLate(latestOfKey, `${one.producer}/${one.key}`, one.seq)) findings.inversionsPerKey.push(id);
      // What was under way at the same time has no order that a broker could keep.
      const latest = latestOfProducer.get(one.producer) ?? known.sentAt;
      if (known.answeredAt < latest) findings.inversionsOverall += 1;
      latestOfProducer.set(one.producer, Math.max(latest, known.sentAt));
    }
    if (!one.held) handled.add(id);
    if (seen.has(id)) {
      if (one.redelivered) findings.redeliveries += 1;
      else findings.duplicates.push(id);
      continue;
    }
    seen.add(id);
    if (!known) {
      findings.phantoms.push(id);
      continue;
    }
    if (known.outcome === 'unknown') findings.unknownDelivered += 1;
    if (known.outcome === 'failed') findings.failedDelivered.push(id);
  }
  const acknowledged = sent.filter(({ outcome }) => outcome === 'acknowledged').map(idOf);
  return {
    acknowledged: acknowledged.length,
    refused: refusals(sent),
    unknown: sent.filter(({ outcome }) => outcome === 'unknown').length,
    delivered: seen.size,
    lost: acknowledged.filter((id) => !handled.has(id)),
    ...findings,
  };
};

const refusals = (sent: readonly Sent[]): Readonly<Record<string, number>> => {
  const refused = sent.filter(({ outcome }) => outcome === 'failed');
  const byReason = Map.groupBy(refused, ({ reason = 'no reason given' }) => reason);
  return Object.fromEntries([...byReason].map(([reason, list]) => [reason, list.length]));
};

/** Whether something with a higher number has come before; keeps the highest. */
const isLate = (latest: Map<string, number>, of: string, position: number): boolean => {
  const before = latest.get(of) ?? -1;
  if (position < before) return true;
  latest.set(of, position);
  return false;
};
