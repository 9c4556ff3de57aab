/** What is due later; `cancel` makes it never happen. */
export interface Timer {
  cancel(): void;
}

/** The one source of time of the local cloud: engines ask it, and never `Date` or `setTimeout`. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now (at the next turn when `ms` is 0 or less). */
  after(ms: number, run: () => void): Timer;
  /** Like `after`, for what a process of its own works on meanwhile: skipped time does not make it work faster, so it does not count. */
  afterWork(ms: number, run: () => void): Timer;
}

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to move: a test never waits for a timeout. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #due = new Set<Due>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, ms), run };
    this.#due.add(due);
    return { cancel: () => this.#due.delete(due) };
  }

  afterWork(ms: number, run: () => void): Timer {
    return this.after(ms, run);
  }

  /** Moves time on, and runs what falls due on the way in the order of its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      this.#due.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }

  #earliest(end: number): Due | undefined {
    let earliest: Due | undefined;
    for (const due of this.#due) {
      if (due.at <= end && (earliest === undefined || due.at < earliest.at)) earliest = due;
    }
    return earliest;
  }
}

/** `setTimeout` takes no longer delay than this: a longer one would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Real time that can be moved forward: a running cloud goes through a visibility timeout of minutes at once.
 * Time is never moved back.
 */
export class SystemClock implements Clock {
  #skippedMs = 0;
  readonly #due = new Map<Due, NodeJS.Timeout>();
  #onSkip: (skippedMs: number) => void = () => undefined;

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  after(ms: number, run: () => void): Timer {
    const due: Due = { at: this.now() + Math.max(0, ms), run };
    this.#arm(due);
    return {
      cancel: () => {
        clearTimeout(this.#due.get(due));
        this.#due.delete(due);
      },
    };
  }

  afterWork(ms: number, run: () => void): Timer {
    const timeout = setTimeout(run, Math.min(Math.max(0, ms), LONGEST_TIMEOUT_MS));
    return { cancel: () => clearTimeout(timeout) };
  }

  /** Has `run` called with all that was skipped so far, before anything falls due by a skip. */
  onSkip(run: (skippedMs: number) => void): void {
    this.#onSkip = run;
  }

  advance(ms: number): void {
    this.#skippedMs += ms;
    this.#onSkip(this.#skippedMs);
    const waiting = [...this.#due.keys()].sort((a, b) => a.at - b.at);
    for (const due of waiting) {
      clearTimeout(this.#due.get(due));
      this.#arm(due);
    }
  }

  /** Forgets everything that is due: the cloud is closing. */
  close(): void {
    this.#onSkip = () => undefined;
    for (const timeout of this.#due.values()) clearTimeout(timeout);
    this.#due.clear();
  }

  #arm(due: Due): void {
    const delay = Math.min(Math.max(0, due.at - this.now()), LONGEST_TIMEOUT_MS);
    this.#due.set(
      due,
      setTimeout(() => this.#fire(due), delay),
    );
  }

  #fire(due: Due): void {
    if (due.at > this.now()) {
      this.#arm(due);
      return;
    }
    this.#due.delete(due);
    due.run();
  }
}
