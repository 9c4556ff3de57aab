import fc from 'fast-check';
import type { Received, Sent } from '../../lab/ledger.ts';
import { saturationOf } from '../../lab/saturation.ts';

interface Target {
  /** Messages a second that are offered. */
  readonly rate: number;
  readonly messages: number;
  /** Messages a second that it gives to its consumer. */
  readonly takes?: number;
  /** How long each is under way when nothing is behind. */
  readonly latencyMs?: number;
  /** How long each send waits for that of its key before. */
  readonly senderLateMs?: number;
}

/** A load as it goes on a target of which this is known: everything is acknowledged, and seen when its turn comes. */
const loadOn = ({
  rate,
  messages,
  takes = Number.POSITIVE_INFINITY,
  latencyMs = 2,
  senderLateMs = 0,
}: Target): [Sent[], Received[]] => {
  const sent: Sent[] = Array.from({ length: messages }, (_, seq) => {
    const intendedAt = 1_000_000 + (seq * 1_000) / rate;
    const sentAt = intendedAt + senderLateMs;
    return { producer: 'p', key: 'k', seq, outcome: 'acknowledged', intendedAt, sentAt, answeredAt: sentAt };
  });
  let freeAt = 0;
  const received = sent.map((one): Received => {
    freeAt = Math.max(freeAt, one.sentAt) + 1_000 / takes;
    return { ...one, group: 'a', consumer: 'c', at: freeAt + latencyMs, redelivered: false };
  });
  return [sent, received];
};

test('100/s, and offered 300/s for 2 s: the backlog at the end, and how long it took', () => {
  const [sent, received] = loadOn({ rate: 300, messages: 600, takes: 100 });

  const saturated = saturationOf(sent, received);

  expect(saturated?.waiting).toBeGreaterThan(395);
  expect(saturated?.waiting).toBeLessThanOrEqual(401);
  expect(saturated?.drainMs).toBeCloseTo(4_005, -1);
});

test('offered too much for a short while is too much as well', () => {
  expect(saturationOf(...loadOn({ rate: 300, messages: 150, takes: 100 }))).toMatchObject({ lateByMs: 0 });
});

test('a target that takes less than the rate is found, however short the load; one that takes it is not', () => {
  const load = fc.record({
    rate: fc.integer({ min: 50, max: 5_000 }),
    seconds: fc.double({ min: 0.3, max: 10, noNaN: true }),
  });

  fc.assert(
    fc.property(load, fc.integer({ min: 1, max: 300 }), ({ rate, seconds }, latencyMs) => {
      const messages = Math.ceil(rate * seconds);

      expect(saturationOf(...loadOn({ rate, messages, latencyMs, takes: rate / 3 }))).toBeDefined();
      expect(saturationOf(...loadOn({ rate, messages, latencyMs, takes: rate * 1.1 }))).toBeUndefined();
    }),
  );
});

test('a target that is slow and takes the rate is slow, not saturated', () => {
  expect(saturationOf(...loadOn({ rate: 100, messages: 200, latencyMs: 3_000 }))).toBeUndefined();
});

test('a sender that is held up shows a target that is too slow to answer', () => {
  expect(saturationOf(...loadOn({ rate: 100, messages: 200, senderLateMs: 1_500 }))).toMatchObject({
    lateByMs: 1_500,
  });
});

test('what was refused is no backlog, and nothing sent is nothing found', () => {
  const [sent] = loadOn({ rate: 100, messages: 200 });
  const refused = sent.map((one): Sent => ({ ...one, outcome: 'failed' }));

  expect(saturationOf(refused, [])).toBeUndefined();
  expect(saturationOf([], [])).toBeUndefined();
});
