import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Range {
  /** First and last byte, both included. */
  readonly start: number;
  readonly end: number;
}

/** Bytes of a body that wait to be written; the sender is held up beyond it. */
const WRITTEN_AHEAD = 1024 * 1024;
/** Bytes that are read at once: each piece costs a way through the thread pool, however small it is. */
const READ_AT_ONCE = 1024 * 1024;

/**
 * The bytes of objects, one file each, written once and never changed. A file belongs to an object only when a row
 * of the store names it: a crash leaves at most a file that nobody names, which the next start removes.
 */
export class Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Writes a whole stream piece by piece. When the stream fails, nothing stays. @returns the blob's name. */
  async write(source: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<string> {
    const name = randomUUID();
    const file = createWriteStream(this.#path(name), { flags: 'wx', highWaterMark: WRITTEN_AHEAD });
    const observed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        onChunk(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(observed, file);
    } catch (error) {
      await unlink(this.#path(name));
      throw error;
    }
    return name;
  }

  /**
   * Opens first, so that a blob which is replaced meanwhile is still read to its end.
   * @param size the bytes of the whole blob
   */
  async read(name: string, size: number, range: Range = { start: 0, end: size - 1 }): Promise<Readable> {
    const file = await open(this.#path(name));
    const bytes = range.end - range.start + 1;
    if (bytes === 0) return file.createReadStream();
    return file.createReadStream({ ...range, highWaterMark: Math.min(bytes, READ_AT_ONCE) });
  }

  /** Whoever still reads it reads it to its end. */
  async remove(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => unlink(this.#path(name)).catch(() => undefined)));
  }

  /** Removes what a crash has left: every file that is not among those named. */
  keepOnly(named: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#directory)) {
      if (!named.has(name)) rmSync(this.#path(name));
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}
