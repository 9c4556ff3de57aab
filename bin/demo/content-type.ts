import { extname } from 'node:path';

const SIGNATURES: readonly { type: string; at: number; bytes: string }[] = [
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/gif', at: 0, bytes: 'GIF8' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
  { type: 'image/avif', at: 4, bytes: 'ftypavif' },
  { type: 'image/tiff', at: 0, bytes: 'II*\0' },
  { type: 'image/tiff', at: 0, bytes: 'MM\0*' },
];

const EXTENSIONS: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.svg': 'image/svg+xml',
};

/** The type that a client declares for a file: by its first bytes, else by its name. The worker looks for itself. */
export const declaredType = (image: Uint8Array, file: string): string => {
  const head = Buffer.from(image.subarray(0, 16)).toString('latin1');
  const known = SIGNATURES.find(({ at, bytes }) => head.startsWith(bytes, at));
  return known?.type ?? EXTENSIONS[extname(file).toLowerCase()] ?? 'application/octet-stream';
};

/** `image/jpeg` -> `jpeg`. */
export const extensionOf = (contentType: string): string =>
  contentType.replace(/^image\//, '').replace(/[^a-z0-9].*$/, '');
