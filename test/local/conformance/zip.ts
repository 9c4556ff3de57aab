import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;

/** Fields of two and of four bytes, in their order. */
const fields = (...values: readonly (readonly [2 | 4, number])[]): Buffer =>
  Buffer.concat(
    values.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      if (size === 2) bytes.writeUInt16LE(value);
      else bytes.writeUInt32LE(value >>> 0);
      return bytes;
    }),
  );

/** A zip file that holds one file, stored as it is (PKWARE APPNOTE 6.3). */
export const zipOf = (name: string, text: string): Buffer => {
  const fileName = Buffer.from(name);
  const content = Buffer.from(text);
  const about = [
    [2, VERSION],
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, crc32(content)],
    [4, content.length],
    [4, content.length],
    [2, fileName.length],
    [2, 0],
  ] as const;
  const local = Buffer.concat([fields([4, LOCAL_HEADER], ...about), fileName, content]);
  const mode = (0o100644 << 16) >>> 0;
  const entry = Buffer.concat([
    fields(
      [4, DIRECTORY_ENTRY],
      [2, (3 << 8) | VERSION],
      ...about,
      [2, 0],
      [2, 0],
      [2, 0],
      [4, mode],
      [4, 0],
    ),
    fileName,
  ]);
  const end = fields(
    [4, END_OF_DIRECTORY],
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, entry.length],
    [4, local.length],
    [2, 0],
  );
  return Buffer.concat([local, entry, end]);
};
