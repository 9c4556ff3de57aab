import { S3Error } from './errors.ts';

/** A chunk's header is its size in hex and perhaps a signature: far below this. */
const LONGEST_LINE = 16 * 1024;

const broken = (): S3Error => new S3Error('IncompleteBody', 'The request body terminated unexpectedly', 400);

/** Takes lines and runs of bytes off a stream, holding no more than one piece of it. */
class Reader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE) throw broken();
      await this.#more();
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done) throw broken();
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
  }
}

const sizeOf = (header: string): number => {
  const [hex = ''] = header.split(';', 1);
  if (!/^[0-9a-f]+$/i.test(hex)) throw broken();
  return Number.parseInt(hex, 16);
};

/**
 * The payload of a body in `aws-chunked` encoding (Amazon S3 API Reference, "Signature calculations: transferring
 * payload in multiple chunks"), and its trailing headers, which SDKs use for checksums.
 * Chunk signatures are not checked: nothing can change a body on its way to 127.0.0.1.
 */
export async function* decodeChunked(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source);
  for (let size = sizeOf(await reader.line()); size > 0; size = sizeOf(await reader.line())) {
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw broken();
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    if (colon > 0) onTrailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
