import type { Invocation } from '../ports.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

export interface AttemptRules {
  readonly bisects: boolean;
  /** Infinity when there is no limit. */
  readonly maximumRetries: number;
  /** Infinity when there is no limit. */
  readonly maximumAgeMs: number;
}

/** Records that have used up what they had. */
export interface Exhausted<Item> {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly items: readonly Item[];
  /** Invocations that failed without getting anywhere. */
  readonly invocations: number;
  readonly last: Invocation | undefined;
}

/** What is around the attempts of one shard or partition. */
export interface AttemptSurroundings<Item> {
  readonly rules: AttemptRules;
  now(): number;
  stopped(): boolean;
  /** Ends early when stopped. */
  sleep(ms: number): Promise<void>;
  /** @param attempt 1 for the first. */
  invoke(items: readonly Item[], attempt: number): Promise<Invocation | 'throttled'>;
  /** How many records from the first on are done. */
  succeeded(invocation: Invocation, items: readonly Item[]): number;
  /** That record and all before it are done with. */
  checkpoint(item: Item): Promise<void> | void;
  giveUp(exhausted: Exhausted<Item>): Promise<void>;
}

/** Records that are tried together. */
interface Attempt<Item> {
  readonly items: readonly Item[];
  readonly failures: number;
  readonly last?: Invocation | undefined;
}

/**
 * Has records handled strictly in order: what follows a failed record waits until that one succeeds or is given up
 * (Lambda guide, "Using Lambda with Kinesis", "Configuring error handling controls for Kafka event sources").
 */
export class StreamAttempts<Item extends { readonly at: number }> {
  readonly #around: AttemptSurroundings<Item>;

  constructor(surroundings: AttemptSurroundings<Item>) {
    this.#around = surroundings;
  }

  /** @returns false when it was stopped before all was done. */
  async handle(items: readonly Item[]): Promise<boolean> {
    const left: Attempt<Item>[] = items.length > 0 ? [{ items, failures: 0 }] : [];
    for (let attempt = left.shift(); attempt; attempt = left.shift()) {
      if (this.#around.stopped()) return false;
      const fresh = await this.#giveUpAged(attempt);
      if (fresh.items.length > 0) left.unshift(...(await this.#try(fresh)));
    }
    return true;
  }

  /** @returns what is to be tried next. */
  async #try(attempt: Attempt<Item>): Promise<Attempt<Item>[]> {
    const { checkpoint, sleep, invoke, succeeded, rules } = this.#around;
    const { items } = attempt;
    const last = await invoke(items, attempt.failures + 1);
    if (last === 'throttled') {
      await sleep(pauseMs(attempt.failures + 1));
      return [attempt];
    }
    const done = succeeded(last, items);
    const lastDone = items[done - 1];
    if (lastDone) await checkpoint(lastDone);
    if (done === items.length) return [];
    if (done > 0) return [{ items: items.slice(done), failures: 0, last }];
    if (rules.bisects && items.length > 1) return halves({ ...attempt, last });
    const failures = attempt.failures + 1;
    if (failures > rules.maximumRetries) {
      await this.#giveUp('RetryAttemptsExhausted', { items, failures, last });
      return [];
    }
    await sleep(pauseMs(failures));
    return [{ items, failures, last }];
  }

  /** An old record behind a younger one has its turn after that: a producer may set the times of Kafka's records. */
  async #giveUpAged(attempt: Attempt<Item>): Promise<Attempt<Item>> {
    const oldest = this.#around.now() - this.#around.rules.maximumAgeMs;
    const young = attempt.items.findIndex(({ at }) => at >= oldest);
    if (young === 0) return attempt;
    const aged = young < 0 ? attempt.items : attempt.items.slice(0, young);
    await this.#giveUp('RecordAgeExceeded', { ...attempt, items: aged });
    return { ...attempt, items: attempt.items.slice(aged.length) };
  }

  /** The destination is told before the checkpoint passes the records: a crash between repeats it, and loses nothing. */
  async #giveUp(
    condition: Exhausted<Item>['condition'],
    { items, failures, last }: Attempt<Item>,
  ): Promise<void> {
    await this.#around.giveUp({ condition, items, invocations: failures, last });
    const final = items.at(-1);
    if (final) await this.#around.checkpoint(final);
  }
}

/** How long to wait after so many failures in a row, in milliseconds. */
export const pauseMs = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);

/** "Splitting ... doesn't count toward the retry quota" (Lambda API, "BisectBatchOnFunctionError"). */
const halves = <Item>({ items, ...attempt }: Attempt<Item>): Attempt<Item>[] => {
  const middle = Math.ceil(items.length / 2);
  return [
    { ...attempt, items: items.slice(0, middle) },
    { ...attempt, items: items.slice(middle) },
  ];
};
