import { z } from 'zod';

const response = z.object({
  batchItemFailures: z
    .array(z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.number().int() }) }))
    .nullish(),
});

/**
 * How many of the offsets that were sent are done, counted from the first, by what a function with
 * `ReportBatchItemFailures` answered. An answer that cannot be understood, or names a record that was not in the batch,
 * fails all of it; an empty answer or list is success (Lambda guide, "Configuring error handling controls for Kafka event sources").
 */
export const doneBefore = (payload: string, partition: string, offsets: readonly number[]): number => {
  const answer: unknown = JSON.parse(payload || 'null');
  if (answer === null || answer === '') return offsets.length;
  const parsed = response.safeParse(answer);
  if (!parsed.success) return 0;
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const positions = failed.map((item) => (item.partition === partition ? offsets.indexOf(item.offset) : -1));
  if (positions.includes(-1)) return 0;
  return Math.min(offsets.length, ...positions);
};
