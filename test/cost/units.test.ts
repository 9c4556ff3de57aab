import fc from 'fast-check';
import { chunks, connectionMinutes, gbSeconds, KINESIS_CHUNK, SQS_CHUNK } from '../../cost/units.ts';

test.each([
  [0, 1],
  [1, 1],
  [65_536, 1],
  [65_537, 2],
  [262_144, 4],
])('%d bytes to a queue are %d requests', (bytes, expected) => {
  expect(chunks(bytes, SQS_CHUNK)).toBe(expected);
});

test.each([
  [5 * 1024, 1],
  [45 * 1024, 2],
  [1024 * 1024, 41],
])('a record of %d bytes is %d payload units', (bytes, expected) => {
  expect(chunks(bytes, KINESIS_CHUNK)).toBe(expected);
});

const sizes = fc.integer({ min: 1, max: 1_000_000 });

test('chunks hold the whole payload, and none of them is for nothing', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), sizes, (bytes, size) => {
      const count = chunks(bytes, size);

      expect(count).toBeGreaterThanOrEqual(1);
      expect(count * size).toBeGreaterThanOrEqual(bytes);
      expect((count - 1) * size).toBeLessThanOrEqual(Math.max(0, bytes - 1));
    }),
  );
});

test('one payload never costs more than the same in two, and at most one chunk less', () => {
  fc.assert(
    fc.property(fc.nat(5_000_000), fc.nat(5_000_000), sizes, (one, other, size) => {
      const apart = chunks(one, size) + chunks(other, size);

      expect(chunks(one + other, size)).toBeLessThanOrEqual(apart);
      expect(chunks(one + other, size)).toBeGreaterThanOrEqual(apart - 1);
    }),
  );
});

test('memory and time count alike', () => {
  expect(gbSeconds(1000, 1024)).toBe(1);
  expect(gbSeconds(500, 256)).toBe(0.125);
  fc.assert(
    fc.property(fc.nat(900_000), fc.integer({ min: 128, max: 10_240 }), (ms, mb) => {
      expect(gbSeconds(ms * 2, mb)).toBeCloseTo(gbSeconds(ms, mb * 2), 9);
    }),
  );
});

test.each([
  [0, 1],
  [60_000, 1],
  [60_001, 2],
])('a connection of %d ms is %d minutes', (ms, expected) => {
  expect(connectionMinutes(ms)).toBe(expected);
});
