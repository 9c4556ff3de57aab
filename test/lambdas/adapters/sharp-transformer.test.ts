import sharp from 'sharp';
import { sharpTransformer } from '../../../lambdas/adapters/sharp-transformer.ts';
import type { Operation } from '../../../lambdas/messages/operations.ts';
import { corruptHeader, hugePng, jpeg, notAnImage, svg, truncatedJpeg } from '../../support/images.ts';

const { transform } = sharpTransformer;
const problem = (name: string) => ({ problem: { type: `urn:problem:serverless-ipc:${name}` } });

/** 40 x 20: a red and a green quarter above a blue and a white one, so that every turn shows. */
const quarters = () => {
  const half = (background: string, left: number, top: number) => ({
    input: { create: { width: 20, height: 10, channels: 3 as const, background } },
    left,
    top,
  });
  return sharp({ create: { width: 40, height: 20, channels: 3, background: 'white' } }).composite([
    half('red', 0, 0),
    half('lime', 20, 0),
    half('blue', 0, 10),
  ]);
};

const asPng: Operation = { op: 'format', format: 'png' };

/** The colours of the four quarters, clockwise from the left upper one. */
const corners = async (image: Uint8Array): Promise<string[]> => {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [left, right] = [Math.floor(info.width / 4), Math.floor((info.width * 3) / 4)];
  const [top, bottom] = [Math.floor(info.height / 4), Math.floor((info.height * 3) / 4)];
  const at = (x: number, y: number): string => {
    const bits = [0, 1, 2].map((band) =>
      (data[(y * info.width + x) * info.channels + band] ?? 0) > 127 ? 1 : 0,
    );
    return { '100': 'red', '010': 'lime', '001': 'blue', '111': 'white' }[bits.join('')] ?? 'other';
  };
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
};

describe('an image', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of EXIF orientation %i comes out upright, and stays so',
    async (orientation) => {
      const upright = await quarters().png().toBuffer();
      const inverse = [1, 2, 3, 4, 5, 8, 7, 6][orientation - 1] ?? 1;
      const turned = await sharp(upright).withMetadata({ orientation: inverse }).png().toBuffer();
      const stored = await sharp(turned).autoOrient().withMetadata({ orientation }).png().toBuffer();

      const { data, width, height } = await transform(stored, [asPng]);

      expect({ width, height }).toEqual({ width: 40, height: 20 });
      expect(await corners(data)).toEqual(['red', 'lime', 'white', 'blue']);
      expect((await sharp(data).metadata()).orientation).toBeUndefined();
    },
  );

  test('leaves its metadata behind', async () => {
    const exif = { IFD0: { Copyright: 'somebody', Artist: 'at home' } };
    const input = await sharp(await jpeg(100, 80))
      .withExif(exif)
      .jpeg()
      .toBuffer();

    const { data } = await transform(input, []);

    expect(Buffer.from(data).includes('at home')).toBe(false);
    expect(await sharp(data).metadata()).not.toHaveProperty('exif');
  });

  test('in CMYK comes out in sRGB', async () => {
    const input = await sharp(await jpeg(100, 80))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();

    const { data } = await transform(input, [{ op: 'rotate', degrees: 90 }, { op: 'flip' }]);

    expect((await sharp(input).metadata()).space).toBe('cmyk');
    expect(await sharp(data).metadata()).toMatchObject({
      space: 'srgb',
      channels: 3,
      width: 80,
      height: 100,
    });
  });

  test('that moves comes out as its first frame', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 10, height: 10, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const input = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();

    const { data, ...image } = await transform(input, []);

    expect(image).toEqual({ contentType: 'image/jpeg', width: 10, height: 10 });
    expect((await corners(data))[0]).toBe('red');
  });

  test('that is transparent gets a white ground as JPEG, and stays transparent as WebP', async () => {
    const clear = { create: { width: 10, height: 10, channels: 4 as const, background: '#0000' } };
    const input = await sharp(clear).png().toBuffer();

    const jpegImage = await transform(input, [{ op: 'format', format: 'jpeg' }]);
    const webpImage = await transform(input, [
      { op: 'flip' },
      { op: 'flop' },
      { op: 'grayscale' },
      { op: 'format', format: 'webp' },
    ]);

    expect((await corners(jpegImage.data))[0]).toBe('white');
    expect(await sharp(webpImage.data).stats()).toMatchObject({ isOpaque: false });
  });

  test.each([
    ['jpeg', 'image/jpeg'],
    ['png', 'image/png'],
    ['webp', 'image/webp'],
    ['avif', 'image/avif'],
    ['gif', 'image/jpeg'],
    ['tiff', 'image/jpeg'],
  ] as const)('in %s comes out as %s unless told otherwise', async (format, contentType) => {
    const input = await quarters().toFormat(format).toBuffer();

    expect(await transform(input, [])).toMatchObject({ contentType, width: 40, height: 20 });
  });
});

describe('operations', () => {
  const run = async (...operations: Operation[]) =>
    transform(await quarters().png().toBuffer(), [...operations, asPng]);

  test.each<[Operation, string[]]>([
    [{ op: 'flip' }, ['blue', 'white', 'lime', 'red']],
    [{ op: 'flop' }, ['lime', 'red', 'blue', 'white']],
    [{ op: 'rotate', degrees: 90 }, ['blue', 'red', 'lime', 'white']],
    [{ op: 'rotate', degrees: 180 }, ['white', 'blue', 'red', 'lime']],
    [{ op: 'rotate', degrees: 270 }, ['lime', 'white', 'blue', 'red']],
  ])('%j', async (operation, expected) => {
    const { data } = await run(operation);

    expect(await corners(data)).toEqual(expected);
  });

  test('happen in the order of the list', async () => {
    const left: Operation = { op: 'crop', left: 0, top: 0, width: 20, height: 20 };

    const cropFirst = await run(left, { op: 'flop' });
    const flopFirst = await run({ op: 'flop' }, left);
    const rotateLast = await run(left, { op: 'resize', width: 10 }, { op: 'rotate', degrees: 90 });

    expect(await corners(cropFirst.data)).toEqual(['red', 'red', 'blue', 'blue']);
    expect(await corners(flopFirst.data)).toEqual(['lime', 'lime', 'white', 'white']);
    expect(await corners(rotateLast.data)).toEqual(['blue', 'red', 'red', 'blue']);
  });

  test('grayscale leaves no colour, wherever it stands', async () => {
    const { data } = await run({ op: 'grayscale' }, { op: 'flip' }, { op: 'blur', sigma: 1 });

    const { channels } = await sharp(data).toColourspace('srgb').stats();
    expect(new Set(channels.slice(0, 3).map(({ mean }) => Math.round(mean))).size).toBe(1);
  });

  test.each<[Operation, { width: number; height: number }]>([
    [
      { op: 'resize', width: 20 },
      { width: 20, height: 10 },
    ],
    [
      { op: 'resize', width: 80 },
      { width: 40, height: 20 },
    ],
    [
      { op: 'resize', width: 80, enlarge: true },
      { width: 80, height: 40 },
    ],
    [
      { op: 'resize', width: 10, height: 10 },
      { width: 10, height: 10 },
    ],
    [
      { op: 'resize', width: 10, height: 10, fit: 'inside' },
      { width: 10, height: 5 },
    ],
    [
      { op: 'resize', width: 10, height: 10, fit: 'outside' },
      { width: 20, height: 10 },
    ],
    [
      { op: 'resize', width: 30, height: 30, fit: 'contain' },
      { width: 30, height: 30 },
    ],
    [
      { op: 'crop', strategy: 'smart', width: 15, height: 15 },
      { width: 15, height: 15 },
    ],
    [{ op: 'sharpen' }, { width: 40, height: 20 }],
  ])('%j gives %j', async (operation, size) => {
    expect(await run(operation)).toMatchObject(size);
  });

  test.each<[string, Operation[], string]>([
    ['a crop beyond the edge', [{ op: 'crop', left: 30, top: 0, width: 20, height: 10 }], 'crop-outside'],
    [
      'a smart crop larger than the image',
      [{ op: 'crop', strategy: 'smart', width: 50, height: 10 }],
      'crop-outside',
    ],
    [
      'a crop of what an earlier step has cut off',
      [
        { op: 'resize', width: 20 },
        { op: 'crop', left: 15, top: 0, width: 10, height: 5 },
      ],
      'crop-outside',
    ],
    ['an enlargement beyond measure', [{ op: 'resize', width: 16_000, enlarge: true }], 'output-too-large'],
    [
      'a frame beyond measure',
      [{ op: 'resize', width: 16_000, height: 16_000, fit: 'contain' }],
      'output-too-large',
    ],
  ])('%s is a problem', async (_case, operations, name) => {
    await expect(run(...operations)).rejects.toMatchObject(problem(name));
  });

  test('a result with a side that its format cannot hold is a problem', async () => {
    const wide = { create: { width: 17_000, height: 2, channels: 3 as const, background: 'red' } };
    const input = await sharp(wide).png().toBuffer();

    await expect(transform(input, [{ op: 'format', format: 'webp' }])).rejects.toMatchObject(
      problem('output-too-large'),
    );
  });
});

describe('bad input is a problem', () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ['text', notAnImage, 'not-an-image'],
    ['SVG', svg, 'unsupported-image'],
    ['a truncated JPEG', truncatedJpeg, 'corrupt-image'],
    ['a corrupt header', corruptHeader, 'corrupt-image'],
    ['225 megapixels in a few hundred kilobytes', hugePng, 'too-many-pixels'],
  ])('%s', async (_case, input, name) => {
    const bytes = await input();

    for (const operations of [
      [],
      [{ op: 'resize', width: 10 }],
      [{ op: 'flip' }, { op: 'flop' }],
    ] satisfies Operation[][]) {
      await expect(transform(bytes, operations)).rejects.toMatchObject(problem(name));
    }
  });

  test('a bomb is refused before it is unpacked', async () => {
    const bomb = hugePng();
    const before = process.memoryUsage().rss;

    await expect(transform(bomb, [])).rejects.toMatchObject(problem('too-many-pixels'));

    // Unpacked it takes 225 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});
