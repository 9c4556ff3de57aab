import type { Received, Sent } from './ledger.ts';
import { idOf } from './message.ts';

/** The target took less than the rate. */
export interface Saturation {
  /** How late the latest message was sent, in ms. */
  readonly lateByMs: number;
  /** Acknowledged messages that nobody had seen yet when the last one was due. */
  readonly waiting: number;
  /** How long after that the last of them was seen, in ms. */
  readonly drainMs: number;
}

/** A long load may be behind by this at its end; a short one by no more than it took itself: it is not there to be hidden in. */
const MOST_BEHIND_MS = 1_000;
/** The least that tells a target that is too slow from one that was held up. */
const LEAST_BEHIND_MS = 200;

/**
 * Whether the load was more than its target takes: what is behind then grows for as long as it goes on, and a latency
 * would only tell how long that was. Pure.
 *
 * What the quickest tenth of the messages needed is taken off what the last ones did: a target that is slow, but takes
 * the rate, is just slow.
 *
 * @param sent of one load, in the order in which it was due
 * @param received by one group, whatever else it has seen, in the order in which it was seen
 */
export const saturationOf = (
  sent: readonly Sent[],
  received: readonly Received[],
): Saturation | undefined => {
  const startAt = sent[0]?.intendedAt ?? 0;
  const endAt = sent.at(-1)?.intendedAt ?? 0;
  const limitMs = Math.min(MOST_BEHIND_MS, Math.max(LEAST_BEHIND_MS, endAt - startAt));
  const lateByMs = most(sent.map(({ sentAt, intendedAt }) => sentAt - intendedAt));

  const seenAt = new Map(received.toReversed().map((one) => [idOf(one), one.at]));
  const taken = sent.filter(({ outcome }) => outcome === 'acknowledged');
  const seen = taken.flatMap((one) => {
    const at = seenAt.get(idOf(one));
    return at === undefined ? [] : [{ at, latencyMs: at - one.intendedAt }];
  });
  const byLatency = seen.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  const quickMs = byLatency[Math.floor(byLatency.length / 10)] ?? 0;
  const drainMs = most(seen.map(({ at }) => at - endAt));
  if (lateByMs <= limitMs && drainMs - quickMs <= limitMs) return undefined;

  const waiting = taken.length - seen.filter(({ at }) => at <= endAt).length;
  return { lateByMs: Math.round(lateByMs), waiting, drainMs: Math.round(drainMs) };
};

/** The highest, or 0. A million of them are too many for the arguments of one call. */
const most = (numbers: readonly number[]): number => numbers.reduce((one, other) => Math.max(one, other), 0);
