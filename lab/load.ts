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
  /** Ends it: what was not sent by then is not sent. */
  readonly signal: AbortSignal;
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
): Promise<void> => {
  const startedAt = nowMs();
  const padding = 'x'.repeat(size);
  const lastOfKey = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  // A client may try for minutes to send to a broker that is gone: nobody waits for that.
  const aborted = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));

  for (const { producer: name, key, seq, afterMs } of planned) {
    const intendedAt = startedAt + afterMs;
    await until(intendedAt);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race([...underWay, aborted]);
    if (signal.aborted) break;
    const producer = producers.get(name);
    if (!producer) throw new Error(`The plan has a producer ${name} that was not made`);
    const before = lastOfKey.get(`${name}/${key}`);
    const sending = (async () => {
      await before;
      if (signal.aborted) return;
      const sentAt = nowMs();
      const message = { run, producer: name, key, seq, intendedAt, sentAt, padding };
      const answer = await send(producer, message);
      ledger.sent({ producer: name, key, seq, intendedAt, sentAt, answeredAt: nowMs(), ...answer });
    })();
    lastOfKey.set(`${name}/${key}`, sending);
    underWay.add(sending);
    void sending.finally(() => underWay.delete(sending));
  }
  await Promise.race([Promise.all(underWay), aborted]);
};

/** Never too early: a message would be seen before it was due. A timer may be, by less than a millisecond. */
const until = async (at: number): Promise<void> => {
  for (let ms = at - nowMs(); ms > 0; ms = at - nowMs()) await new Promise((go) => setTimeout(go, ms));
};
