/**
 * Work on one partition of a group is done one after the other, in the order in which it was asked for: an invocation
 * that a member had begun before it lost the partition ends before the next member begins.
 */
export class KafkaTurns {
  readonly #ended = new Map<string, Promise<unknown>>();

  /** @param partition with its group and topic */
  take(partition: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.#ended.get(partition) ?? Promise.resolve()).then(work);
    // Whoever comes next waits for the end, whatever it was.
    const ended = mine
      .catch(() => undefined)
      .then(() => {
        if (this.#ended.get(partition) === ended) this.#ended.delete(partition);
      });
    this.#ended.set(partition, ended);
    return mine;
  }
}
