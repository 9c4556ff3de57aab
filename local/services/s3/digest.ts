import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './errors.ts';

/** What a client says about its body; what is missing is not checked. Checksums in base64. */
export interface Expected {
  readonly contentMd5?: string;
  /** `x-amz-content-sha256`, hex. */
  readonly sha256Hex?: string;
  /** `x-amz-checksum-crc32` and the like, from headers and, once the body is read, from its trailer. */
  readonly checksums: ReadonlyMap<string, string>;
}

export interface Digested {
  readonly size: number;
  readonly md5: Buffer;
}

const CHECKSUM = 'x-amz-checksum-';

const mismatch = (algorithm: string): S3Error =>
  new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);

/**
 * Measures a body as it passes: size, MD5 (the ETag), and the checksums that S3 can be asked to verify.
 * CRC32C and CRC64NVME, which Node.js does not compute, are kept as sent and not verified.
 */
export class Digest {
  readonly #md5 = createHash('md5');
  readonly #hashes: ReadonlyMap<string, Hash>;
  readonly #expected: Expected;
  #crc32 = 0;
  #size = 0;

  /** @param announced the checksum that `x-amz-trailer` names, whose value comes after the body. */
  constructor(expected: Expected, announced?: string) {
    this.#expected = expected;
    const wanted = new Set([...expected.checksums.keys(), announced ?? '']);
    const hashes = new Map<string, Hash>();
    if (wanted.has(`${CHECKSUM}sha1`)) hashes.set('sha1', createHash('sha1'));
    if (wanted.has(`${CHECKSUM}sha256`) || expected.sha256Hex) hashes.set('sha256', createHash('sha256'));
    this.#hashes = hashes;
  }

  get size(): number {
    return this.#size;
  }

  update(chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#md5.update(chunk);
    this.#crc32 = crc32(chunk, this.#crc32);
    for (const hash of this.#hashes.values()) hash.update(chunk);
  }

  /** @throws BadDigest, XAmzContentSHA256Mismatch when the body is not what the client says. */
  finish(): Digested {
    const md5 = this.#md5.digest();
    const { contentMd5, sha256Hex, checksums } = this.#expected;
    if (contentMd5 !== undefined && contentMd5 !== md5.toString('base64')) throw mismatch('Content-MD5');

    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.#crc32);
    this.#verify(checksums, 'crc32', crc);
    for (const [algorithm, hash] of this.#hashes) {
      const digest = hash.digest();
      this.#verify(checksums, algorithm, digest);
      if (algorithm === 'sha256' && sha256Hex && sha256Hex !== digest.toString('hex'))
        throw new S3Error(
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          400,
        );
    }
    return { size: this.#size, md5 };
  }

  #verify(checksums: ReadonlyMap<string, string>, algorithm: string, computed: Buffer): void {
    const stated = checksums.get(CHECKSUM + algorithm);
    if (stated !== undefined && stated !== computed.toString('base64'))
      throw mismatch(algorithm.toUpperCase());
  }
}
