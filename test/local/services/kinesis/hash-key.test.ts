import fc from 'fast-check';
import { covers, evenRanges, HASH_KEYS, hashKeyOf } from '../../../../local/services/kinesis/hash-key.ts';
import { reshardPlan } from '../../../../local/services/kinesis/resharding.ts';

const shardCount = fc.integer({ min: 1, max: 64 });

test('a partition key maps to the MD5 of its UTF-8 bytes', () => {
  expect(hashKeyOf('abc').toString(16)).toBe('900150983cd24fb0d6963f7d28e17f72');
});

test('whatever the partition key, exactly one of the shards covers it', () => {
  fc.assert(
    fc.property(fc.string(), shardCount, (partitionKey, count) => {
      const key = hashKeyOf(partitionKey);

      const covering = evenRanges(count).filter((range) => covers(range, key));

      expect(covering).toHaveLength(1);
    }),
  );
});

test('the shards divide all hash keys without gap or overlap', () => {
  fc.assert(
    fc.property(shardCount, (count) => {
      const ranges = evenRanges(count);

      expect(ranges[0]?.start).toBe(0n);
      expect(ranges.at(-1)?.end).toBe(HASH_KEYS - 1n);
      ranges.slice(1).forEach(({ start }, index) => {
        expect(start).toBe((ranges[index]?.end ?? 0n) + 1n);
      });
    }),
  );
});

test('a number of shards that is there already needs no step', () => {
  fc.assert(
    fc.property(shardCount, (count) => {
      expect(reshardPlan(evenRanges(count), count)).toEqual([]);
    }),
  );
});
