import { AwsError } from '../../errors.ts';
import { onTheWire, SqsError } from './errors.ts';

const MOST_ENTRIES = 10;
const entryId = /^[\w-]{1,80}$/;

export interface BatchResultError {
  readonly Id: string;
  readonly SenderFault: boolean;
  readonly Code: string;
  readonly Message: string;
}

/** What is wrong with a batch as a whole. @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct */
export const checkBatch = (entries: readonly { readonly Id: string }[], entryName: string): void => {
  if (entries.length === 0)
    throw new SqsError('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`);
  if (entries.length > MOST_ENTRIES)
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!entryId.test(Id))
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    if (seen.has(Id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
};

/** Runs `run` for each entry: one that fails does not keep the others from success. */
export const eachEntry = <Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => void,
): { readonly succeeded: Entry[]; readonly failed: BatchResultError[] } => {
  const succeeded: Entry[] = [];
  const failed: BatchResultError[] = [];
  for (const entry of entries) {
    try {
      run(entry);
      succeeded.push(entry);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.fault === 'Sender',
        Code: onTheWire(error).queryCode,
        Message: error.message,
      });
    }
  }
  return { succeeded, failed };
};
