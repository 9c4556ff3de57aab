import type { ImageContentType } from '../messages/job-request.ts';
import { notAnImage, unsupportedImage } from './problem.ts';

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** How far into a file an SVG root element is looked for: prologue and comments come before it. */
const SVG_SEARCH_BYTES = 4096;

/**
 * What the bytes are, whatever the upload was declared as: the declaration is only a claim. A JPEG that was declared as a
 * PNG is processed all the same.
 * @throws {ProblemError} `unsupported-image` for SVG, `not-an-image` for what is none of the known formats
 */
export const sniffFormat = (bytes: Uint8Array): ImageFormat => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SVG_SEARCH_BYTES));
  const format = formats.find(({ matches }) => matches(head))?.format;
  if (format) return format;
  if (/<svg[\s>]/i.test(head.toString('utf8'))) throw unsupportedImage('SVG is refused.');
  throw notAnImage('The first bytes are not those of a JPEG, PNG, WebP, AVIF, GIF or TIFF file.');
};

const startsWith =
  (...bytes: number[]) =>
  (head: Buffer): boolean =>
    bytes.every((byte, index) => head[index] === byte);

const text = (head: Buffer, start: number, end: number): string => head.toString('latin1', start, end);

const isTiff = (head: Buffer): boolean =>
  startsWith(0x49, 0x49, 0x2a, 0x00)(head) || startsWith(0x4d, 0x4d, 0x00, 0x2a)(head);

/** An ISO base media file whose brands, of which the file type box holds a list, name AVIF ("AV1 Image File Format", 8.1). */
const isAvif = (head: Buffer): boolean =>
  text(head, 4, 8) === 'ftyp' && /avi[fs]/.test(text(head, 8, Math.min(head.readUInt32BE(0), 64)));

const formats: readonly { format: ImageFormat; matches: (head: Buffer) => boolean }[] = [
  { format: 'jpeg', matches: startsWith(0xff, 0xd8, 0xff) },
  { format: 'png', matches: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { format: 'webp', matches: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP' },
  { format: 'gif', matches: (head) => /^GIF8[79]a$/.test(text(head, 0, 6)) },
  { format: 'tiff', matches: isTiff },
  { format: 'avif', matches: isAvif },
];

export const contentTypeOf = (format: ImageFormat): ImageContentType => `image/${format}`;
