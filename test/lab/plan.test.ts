import fc from 'fast-check';
import { idOf } from '../../lab/message.ts';
import { plan } from '../../lab/plan.ts';

const options = fc.record({
  messages: fc.integer({ min: 0, max: 500 }),
  rate: fc.integer({ min: 1, max: 10_000 }),
  keys: fc.integer({ min: 1, max: 50 }),
  producers: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(),
});

test('the same seed gives the same messages at the same times', () => {
  fc.assert(fc.property(options, (given) => expect(plan(given)).toEqual(plan(given))));
});

test('no message is planned twice, and each producer and key counts from 0 without a gap', () => {
  fc.assert(
    fc.property(options, (given) => {
      const planned = plan(given);
      const next = new Map<string, number>();

      expect(new Set(planned.map(idOf)).size).toBe(given.messages);
      for (const { producer, key, seq } of planned) {
        const expected = next.get(`${producer}/${key}`) ?? 0;
        expect(seq).toBe(expected);
        next.set(`${producer}/${key}`, expected + 1);
      }
    }),
  );
});

test('messages are planned at the rate that was asked for', () => {
  const planned = plan({ messages: 101, rate: 50, keys: 3, producers: 2, seed: 1 });

  expect(planned.at(-1)?.afterMs).toBe(2_000);
});
