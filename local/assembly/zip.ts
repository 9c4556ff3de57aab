import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { UserError } from '../errors.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Unpacks a zip file (PKWARE APPNOTE 6.3, without encryption and without Zip64) into a directory.
 * Throws UserError when it is none, or when an entry would land outside of the directory.
 */
export const unzip = (file: string, directory: string): void => {
  const zip = readFileSync(file);
  const refuse = (why: string): never => {
    throw new UserError(`${file} cannot be unpacked: ${why}`);
  };
  for (const entry of entriesOf(zip, refuse)) {
    const target = resolve(directory, entry.name);
    if (!target.startsWith(resolve(directory) + sep)) refuse(`${entry.name} leads out of it`);
    if (entry.name.endsWith('/')) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    if (entry.method !== STORED && entry.method !== DEFLATED)
      refuse(`${entry.name} is packed in an unknown way`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, entry.method === DEFLATED ? inflateRawSync(entry.data) : entry.data, {
      mode: entry.mode,
    });
  }
};

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly mode: number;
  readonly data: Buffer;
}

function* entriesOf(zip: Buffer, refuse: (why: string) => never): Generator<Entry> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) refuse('it is no zip file');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) refuse('its directory is broken');
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    // The local header repeats the name and has an extra field of its own length.
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    yield {
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      // Made on Unix: the upper half of the external attributes. A file without any must still be readable.
      mode: (zip.readUInt32LE(at + 38) >>> 16) & 0o777 || 0o644,
      data: zip.subarray(start, start + zip.readUInt32LE(at + 20)),
    };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}
