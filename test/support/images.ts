import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { photograph } from '../../scenarios/photograph.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export const jpeg = photograph;

/** The first part of a good JPEG: its header promises more than follows. */
export const truncatedJpeg = async (): Promise<Bytes> => {
  const whole = await photograph(800, 600);
  return whole.slice(0, Math.floor(whole.length / 3));
};

/** JPEG's first bytes, and then nothing that makes sense. */
export const corruptHeader = (): Bytes => {
  const bytes = new Uint8Array(1024).fill(0x5a);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
};

export const svg = (): Bytes =>
  new TextEncoder().encode(
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>',
  );

export const notAnImage = (): Bytes =>
  new TextEncoder().encode('These are words, and no picture at all.\n'.repeat(20));

/** A decompression bomb: 15,000 x 15,000 grey pixels in a few hundred kilobytes. */
export const hugePng = (): Bytes => {
  const side = 15_000;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((side + 1) * side), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]),
  );
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
};

/** A picture whose work takes long enough to be interrupted. */
export const slowOperations = [
  { op: 'blur', sigma: 60 },
  { op: 'format', format: 'avif', quality: 60 },
];

export const dimensions = async (image: Uint8Array): Promise<{ width: number; height: number }> => {
  const { width, height } = await sharp(image).metadata();
  return { width, height };
};
