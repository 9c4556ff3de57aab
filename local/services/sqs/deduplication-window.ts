/** Answered again to whoever sends the same deduplication id within the window. */
export interface Accepted {
  readonly messageId: string;
  readonly sequenceNumber: string;
}

export interface Deduplication extends Accepted {
  readonly key: string;
  readonly at: number;
}

/** "Exactly-once processing": the deduplication interval. */
export const DEDUPLICATION_MS = 5 * 60 * 1000;

export interface DeduplicationJournal {
  deduplicated(entry: Deduplication): void;
  /** Entries up to this time have no effect any more. */
  deduplicationEnded(at: number): void;
}

/** What was accepted in the last five minutes, also when it was deleted since. */
export class DeduplicationWindow {
  readonly #byKey = new Map<string, Deduplication>();
  readonly #journal: DeduplicationJournal;
  #byAge: Deduplication[] = [];
  #firstIndex = 0;

  constructor(journal: DeduplicationJournal) {
    this.#journal = journal;
  }

  find(key: string, now: number): Accepted | undefined {
    this.#expire(now);
    return this.#byKey.get(key);
  }

  add(entry: Deduplication): void {
    this.restore(entry);
    this.#journal.deduplicated(entry);
  }

  restore(entry: Deduplication): void {
    this.#byKey.set(entry.key, entry);
    this.#byAge.push(entry);
  }

  #expire(now: number): void {
    const before = this.#firstIndex;
    for (let first = this.#first; first && first.at + DEDUPLICATION_MS <= now; first = this.#first) {
      this.#byKey.delete(first.key);
      this.#firstIndex += 1;
    }
    if (this.#firstIndex === before) return;
    this.#journal.deduplicationEnded(now - DEDUPLICATION_MS);
    if (this.#firstIndex * 2 > this.#byAge.length) {
      this.#byAge = this.#byAge.slice(this.#firstIndex);
      this.#firstIndex = 0;
    }
  }

  get #first(): Deduplication | undefined {
    return this.#byAge[this.#firstIndex];
  }
}
