/**
 * Reads the sizes of WebSocket frames along a byte stream, whatever its chunks (RFC 6455, section 5.2).
 * The `ws` library limits messages; API Gateway also limits each of their frames.
 */
export class FrameSizes {
  readonly #limit: number;
  #header = Buffer.alloc(0);
  #payloadLeft = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True when a frame that begins in this chunk is larger than the limit. */
  exceeded(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        continue;
      }
      this.#header = Buffer.concat([this.#header, chunk.subarray(at, at + 1)]);
      at += 1;
      const size = payloadSize(this.#header);
      if (size === undefined) continue;
      if (size > this.#limit) return true;
      this.#header = Buffer.alloc(0);
      this.#payloadLeft = size;
    }
    return false;
  }
}

/** The payload's size once the header is complete, mask included. */
const payloadSize = (header: Buffer): number | undefined => {
  if (header.length < 2) return undefined;
  const second = header.readUInt8(1);
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = second & 0x80 ? 4 : 0;
  if (header.length < 2 + extended + mask) return undefined;
  if (extended === 2) return header.readUInt16BE(2);
  return extended === 8 ? Number(header.readBigUInt64BE(2)) : short;
};
