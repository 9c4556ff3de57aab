import type { Producer } from './broker.ts';
import type { Answer, Ledger } from './ledger.ts';
import { type LabMessage, nowMs } from './message.ts';
import type { Planned } from './plan.ts';

export interface LoadOptions {
  readonly run: string;
  /** Of the padding, in bytes. */
  readonly size: number;
  /** How a message is sent; some runs send each twice. */
  readonly send: (producer: Producer, message: LabMessage) => Promise<Answer>;
  readonly signal: AbortSignal;
}

/** How well the plan could be kept. */
export interface Pace {
  /** How late the latest message was sent, in ms: far from 0 means that the target takes less than was asked for. */
  readonly latestByMs: number;
  /** The most messages that were under way at once. */
  readonly mostUnderWay: number;
}

/** More than these under way would measure this process's memory. */
const MOST_UNDER_WAY = 5_000;

/**
 * Sends what is planned when it is planned, whatever became of what was sent before (open loop): a broker that is slow
 * cannot slow the load down and look faster for it. Only messages of one producer and key wait for each other: without
 * that no producer may expect their order.
 */
export const load = async (
  planned: readonly Planned[],
  producers: ReadonlyMap<string, Producer>,
  ledger: Ledger,
  { run, size, send, signal }: LoadOptions,
): Promise<Pace> => {
  const startedAt = nowMs();
  const padding = 'x'.repeat(size);
  const lastOfKey = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let latestByMs = 0;
  let mostUnderWay = 0;

  for (const { producer: name, key, seq, afterMs } of planned) {
    const intendedAt = startedAt + afterMs;
    await until(intendedAt);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    if (signal.aborted) break;
    const producer = producers.get(name);
    if (!producer) throw new Error(`The plan has a producer ${name} that was not made`);
    const before = lastOfKey.get(`${name}/${key}`);
    const sending = (async () => {
      await before;
      const sentAt = nowMs();
      latestByMs = Math.max(latestByMs, sentAt - intendedAt);
      const message = { run, producer: name, key, seq, intendedAt, sentAt, padding };
      const answer = await send(producer, message);
      ledger.sent({ producer: name, key, seq, intendedAt, sentAt, answeredAt: nowMs(), ...answer });
    })();
    lastOfKey.set(`${name}/${key}`, sending);
    underWay.add(sending);
    mostUnderWay = Math.max(mostUnderWay, underWay.size);
    void sending.finally(() => underWay.delete(sending));
  }
  await Promise.all(underWay);
  return { latestByMs, mostUnderWay };
};

/** A timer is late by up to a millisecond or two; what is due by then is sent in one go. */
const until = async (at: number): Promise<void> => {
  const ms = at - nowMs();
  if (ms > 1) await new Promise((go) => setTimeout(go, ms));
};
