import { z } from 'zod';

const response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which records of a batch a function with `ReportBatchItemFailures` says have failed: an empty set is success, `all`
 * the whole batch. An answer that cannot be understood, or names a record that was not in the batch, fails all of it;
 * an empty or null answer, list or text is success (Lambda guide, "Success and failure conditions"; recorded on AWS).
 */
export const failedItems = (payload: string, sent: ReadonlySet<string>): ReadonlySet<string> | 'all' => {
  const answer: unknown = JSON.parse(payload);
  if (answer === null || answer === '') return new Set();
  if (Array.isArray(answer) && answer.length === 0) return new Set();
  const parsed = response.safeParse(answer);
  if (!parsed.success) return 'all';
  const failed = new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => sent.has(id)) ? failed : 'all';
};
