import type { MessageId } from './message.ts';

/** One message to be sent, at its time after the start of the run. */
export interface Planned extends MessageId {
  readonly afterMs: number;
}

export interface PlanOptions {
  readonly messages: number;
  /** Messages a second, all producers together. */
  readonly rate: number;
  readonly keys: number;
  readonly producers: number;
  readonly seed: number;
}

/**
 * What is sent when, before anything is sent: the same seed gives the same messages in the same order.
 * Keys are drawn at random, so that no broker profits from a pattern.
 */
export const plan = ({ messages, rate, keys, producers, seed }: PlanOptions): readonly Planned[] => {
  const random = generator(seed);
  const next = new Map<string, number>();
  return Array.from({ length: messages }, (_, index) => {
    const producer = `p${index % producers}`;
    const key = `k${Math.floor(random() * keys)}`;
    const stream = `${producer}/${key}`;
    const seq = next.get(stream) ?? 0;
    next.set(stream, seq + 1);
    return { producer, key, seq, afterMs: (index * 1_000) / rate };
  });
};

/** Mulberry32: small, and good enough to draw keys with. */
export const generator = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};
