/** Room for a million numbers in each millisecond. */
const PER_MILLISECOND = 1_000_000n;

/**
 * `SequenceNumber`s: 20 digits, not consecutive, always increasing. They follow the clock, so that nothing needs to be
 * stored to keep them increasing after a restart.
 */
export class SequenceNumbers {
  #last = 0n;

  next(now: number): string {
    const byClock = BigInt(now) * PER_MILLISECOND;
    this.#last = byClock > this.#last ? byClock : this.#last + 1n;
    return `1${this.#last.toString().padStart(19, '0')}`;
  }

  /** A number from before the restart: the clock may have been ahead then. */
  passed(sequenceNumber: string | undefined): void {
    const number = BigInt(sequenceNumber?.slice(1) ?? 0);
    if (number > this.#last) this.#last = number;
  }
}
