/** What became of the entries of one batch call, entry by entry: `undefined` is success, else the reason. */
export type PutBatch<Entry> = (entries: readonly Entry[]) => Promise<readonly (string | undefined)[]>;

export interface PutEntries<Entry> {
  readonly keyOf: (entry: Entry) => string;
  readonly put: PutBatch<Entry>;
  /** The most entries of one call. */
  readonly limit: number;
  /** How many calls an entry may be part of before it is given back. */
  readonly attempts: number;
  readonly pause: (attempt: number) => Promise<void>;
}

export interface NotPut<Entry> {
  readonly entry: Entry;
  readonly reason: string;
}

interface Line<Entry> {
  readonly waiting: Entry[];
  tried: number;
  reason: string;
}

/**
 * Puts all entries by batch calls that may fail in part, and tries again only those that failed.
 *
 * A call takes one entry of a key at most: else the next entry of the key would overtake one that failed
 * (Kinesis API, "PutRecords": a failed record does not stop those after it). When an entry is given up, those that wait
 * behind it are given back untried.
 *
 * @returns what was not put; everything else was put exactly as often as `put` said so: once
 */
export const putEntries = async <Entry>(
  entries: readonly Entry[],
  { keyOf, put, limit, attempts, pause }: PutEntries<Entry>,
): Promise<NotPut<Entry>[]> => {
  const lines: Line<Entry>[] = [...Map.groupBy(entries, keyOf).values()].map((waiting) => ({
    waiting: [...waiting],
    tried: 0,
    reason: '',
  }));
  for (;;) {
    const open = lines.filter(({ waiting, tried }) => waiting.length > 0 && tried < attempts);
    if (open.length === 0) break;
    // Those that were tried least go first, so that failing keys do not starve the others of a place in the call.
    const calling = open.toSorted((one, other) => one.tried - other.tried).slice(0, limit);
    const retried = Math.max(...calling.map(({ tried }) => tried));
    if (retried > 0) await pause(retried);
    await call(calling, put);
  }
  return lines.flatMap(({ waiting, reason }) => waiting.map((entry) => ({ entry, reason })));
};

/** A call that fails as a whole fails for each of its entries. */
const call = async <Entry>(lines: readonly Line<Entry>[], put: PutBatch<Entry>): Promise<void> => {
  const heads = lines.flatMap(({ waiting }) => waiting.slice(0, 1));
  const outcomes = await put(heads).catch((error: unknown) => heads.map(() => String(error)));
  for (const [index, line] of lines.entries()) {
    const reason = index < outcomes.length ? outcomes[index] : 'the broker said nothing of it';
    if (reason === undefined) {
      line.waiting.shift();
      line.tried = 0;
    } else {
      line.tried += 1;
      line.reason = reason;
    }
  }
};
