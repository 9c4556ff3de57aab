import { evenRanges, type HashKeyRange } from './hash-key.ts';

/** A split of the shard that covers `start` (`at` is where the second child begins), or the merge of two shards into one range. */
export type ReshardStep = HashKeyRange & { readonly at?: bigint };

/**
 * The splits and then the merges that lead from the open ranges to `count` equal ones (Kinesis API,
 * "UpdateShardCount": "performs splits or merges on individual shards").
 */
export const reshardPlan = (open: readonly HashKeyRange[], count: number): ReshardStep[] => {
  const wanted = evenRanges(count);
  const cuts = wanted.map(({ start }) => start);
  const steps: ReshardStep[] = [];
  const pieces: HashKeyRange[] = [];
  for (const range of [...open].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    let { start } = range;
    for (const at of cuts.filter((cut) => range.start < cut && cut <= range.end)) {
      steps.push({ start, end: range.end, at });
      pieces.push({ start, end: at - 1n });
      start = at;
    }
    pieces.push({ start, end: range.end });
  }
  for (const { start, end } of wanted) {
    const [first, ...rest] = pieces.filter((piece) => start <= piece.start && piece.end <= end);
    for (const piece of rest) steps.push({ start: first?.start ?? start, end: piece.end });
  }
  return steps;
};
