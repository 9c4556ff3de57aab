import sharp from 'sharp';

/**
 * A generated picture that compresses like a photograph: soft light, shapes, film grain.
 * The same seed gives the same pixels.
 *
 * @param width in pixels
 * @param height in pixels
 */
export const photograph = async (
  width: number,
  height: number,
  seed = 1,
): Promise<Uint8Array<ArrayBuffer>> => {
  const pixels = new Uint8Array(width * height * 3);
  const random = xorshift(seed);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = x / width;
      const v = y / height;
      const light = 120 + 70 * Math.sin(3 * u + seed) * Math.cos(2 * v) + 30 * Math.sin(40 * u * v + seed);
      const grain = (random() - 0.5) * 18;
      pixels[at++] = clamp(light + 50 * v + grain);
      pixels[at++] = clamp(light + 20 * u + grain);
      pixels[at++] = clamp(light * (1.2 - v) + grain);
    }
  }
  const jpeg = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
  return new Uint8Array(jpeg);
};

const clamp = (value: number): number => Math.max(0, Math.min(255, value));

const xorshift = (seed: number): (() => number) => {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
};
