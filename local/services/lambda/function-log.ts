import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log file is put aside as `<file>.1` when it has grown to this many bytes: two of them is all that is kept. */
const LIMIT_BYTES = 5 * 1024 * 1024;

/** The log of one function: what its environments print, in one file. Written once a turn of the event loop. */
export class FunctionLog {
  readonly #file: string;
  #bytes: number;
  #unwritten = '';
  #scheduled: NodeJS.Immediate | undefined;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(text: string): void {
    this.#unwritten += text;
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#unwritten === '') return;
    if (this.#bytes > LIMIT_BYTES) {
      renameSync(this.#file, `${this.#file}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.#file, this.#unwritten);
    this.#bytes += Buffer.byteLength(this.#unwritten);
    this.#unwritten = '';
  }
}

const TAIL_BYTES = 4096;

/** The last 4 KiB of what is written to it: `LogResult` of an invocation. */
export class LogTail {
  #text = '';

  write(text: string): void {
    this.#text = (this.#text + text).slice(-TAIL_BYTES);
  }

  /** Answers the tail and starts a new one. */
  take(): string {
    const tail = Buffer.from(this.#text).subarray(-TAIL_BYTES).toString();
    this.#text = '';
    return tail;
  }
}
