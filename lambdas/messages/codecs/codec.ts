import type * as z from 'zod';
import { JobOutcome } from '../job-messages.ts';

/** One way to write a message down. What it has written, in whatever version, `decode` reads as it was. */
export interface Codec {
  readonly contentType: string;
  /** @throws {CodecError} when the format cannot hold what the message says */
  encode(message: JobOutcome): Uint8Array;
  /** @throws {CodecError} when the bytes are not this format, or not what the contract says */
  decode(bytes: Uint8Array): JobOutcome;
}

/** A message that cannot be written or read: no retry will help. `cause` has what the format or the contract found. */
export class CodecError extends Error {
  override readonly name = 'CodecError';

  constructor(contentType: string, reason: string, cause?: unknown) {
    super(`${contentType}: ${reason}`, { cause });
  }
}

/** Makes a codec of what is particular to its format; that the message keeps its contract is checked here, for all alike. */
export const codec = (
  contentType: string,
  write: (message: JobOutcome) => Uint8Array,
  read: (bytes: Uint8Array) => unknown,
): Codec => ({
  contentType,
  encode: write,
  decode(bytes) {
    const parsed = JobOutcome.safeParse(attempt(contentType, () => read(bytes)));
    if (parsed.success) return parsed.data;
    throw new CodecError(contentType, `not the contract: ${where(parsed.error)}`, parsed.error);
  },
});

const attempt = <T>(contentType: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError(contentType, `unreadable: ${error instanceof Error ? error.message : error}`, error);
  }
};

const where = ({ issues }: z.core.$ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toBytes = new TextEncoder();

/** @throws {TypeError} when the bytes are not UTF-8 */
export const textOf = (bytes: Uint8Array): string => utf8.decode(bytes);

export const bytesOf = (text: string): Uint8Array => toBytes.encode(text);
