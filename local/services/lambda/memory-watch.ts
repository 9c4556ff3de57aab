import { readFileSync } from 'node:fs';

/** How often the memory of working processes is looked at. Real time: memory knows no other. */
const EVERY_MS = 50;
const PAGE_BYTES = 4096;

export interface Watched {
  readonly pid: number;
  readonly limitBytes: number;
  kill(): void;
}

/**
 * Memory that the process has for itself, in bytes: the pages of the Node.js binary, shared by all of them, are not the
 * function's. Only Linux tells it cheaply; elsewhere the heap limit alone holds.
 */
const privateBytes = (pid: number): number => {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (resident - shared) * PAGE_BYTES;
  } catch {
    return 0;
  }
};

/** Kills a process that takes more memory than its function has. It runs only while something is watched. */
export class MemoryWatch {
  readonly #watched = new Set<Watched>();
  #interval: NodeJS.Timeout | undefined;

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#interval ??= setInterval(() => this.#look(), EVERY_MS).unref();
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #look(): void {
    for (const watched of this.#watched) {
      if (privateBytes(watched.pid) > watched.limitBytes) watched.kill();
    }
  }
}
