import fc from 'fast-check';
import { VirtualClock } from '../../../../local/clock.ts';
import { HASH_KEYS } from '../../../../local/services/kinesis/hash-key.ts';
import { Kinesis } from '../../../../local/services/kinesis/service.ts';
import type { Shard } from '../../../../local/services/kinesis/shard.ts';
import type { Stream } from '../../../../local/services/kinesis/stream.ts';
import { foundation } from '../sqs/sqs-server.ts';

type Step =
  | { readonly kind: 'put'; readonly key: string }
  | { readonly kind: 'split' | 'merge'; readonly which: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      }),
    },
    fc.record({ kind: fc.constantFrom('split' as const, 'merge' as const), which: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 60, size: 'max' },
);

const byRange = (one: Shard, other: Shard): number =>
  one.definition.range.start < other.definition.range.start ? -1 : 1;

const reshard = (stream: Stream, { kind, which }: Exclude<Step, { kind: 'put' }>): void => {
  const open = [...stream.openShards].sort(byRange);
  const at = which % open.length;
  const [shard, next] = [open[at], open[at + 1]];
  if (kind === 'merge' && shard && next) stream.merge(shard.id, next.id);
  if (kind === 'split' && shard) {
    const { start, end } = shard.definition.range;
    stream.split(shard.id, start + (end - start) / 2n);
  }
};

/** All texts of the stream, shard by shard in the order in which shards came to be: a parent before its children. */
const allOf = (stream: Stream): string[] =>
  stream.shards.flatMap((shard) =>
    stream.read(shard, 0, 10_000).records.map(({ data }) => Buffer.from(data).toString()),
  );

test('however a stream is split and merged, its open shards cover all keys once, and each key keeps its records in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken: Step[]) => {
      const base = foundation(new VirtualClock());
      const stream = await new Kinesis(base).createStream({ name: 'activity', shardCount: 2 });
      const put: string[] = [];

      for (const step of taken)
        if (step.kind === 'put') {
          put.push(`${step.key}${put.length}`);
          stream.put({ data: Buffer.from(put.at(-1) ?? ''), partitionKey: step.key });
        } else reshard(stream, step);

      const read = allOf(stream);
      const ranges = [...stream.openShards].sort(byRange).map(({ definition }) => definition.range);
      expect([...read].sort()).toEqual([...put].sort());
      for (const key of 'abcde') {
        const its = (texts: readonly string[]) => texts.filter((text) => text.startsWith(key));
        expect(its(read)).toEqual(its(put));
      }
      expect(ranges[0]?.start).toBe(0n);
      expect(ranges.at(-1)?.end).toBe(HASH_KEYS - 1n);
      for (const [index, { end }] of ranges.slice(0, -1).entries())
        expect(ranges[index + 1]?.start).toBe(end + 1n);
      base.store.close();
    }),
    { numRuns: 100 },
  );
});
