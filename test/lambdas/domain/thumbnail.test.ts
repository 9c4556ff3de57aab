import fc from 'fast-check';
import { sizeAfter } from '../../../lambdas/domain/image-limits.ts';
import { thumbnailOperations } from '../../../lambdas/domain/thumbnail.ts';
import { MAX_THUMBNAIL_SIDE, ThumbnailQuery } from '../../../lambdas/messages/thumbnail-query.ts';

const side = fc.option(fc.integer({ min: 1, max: MAX_THUMBNAIL_SIDE }), { nil: undefined });
const pixels = fc.integer({ min: 1, max: 7_000 });

test('no image gives a thumbnail with a longer side than is allowed, and none is enlarged', () => {
  fc.assert(
    fc.property(side, side, pixels, pixels, (width, height, imageWidth, imageHeight) => {
      fc.pre(width !== undefined || height !== undefined);
      const image = { width: imageWidth, height: imageHeight };

      const size = thumbnailOperations({ width, height }).reduce(
        (before, operation) => sizeAfter(operation, before),
        image,
      );

      expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(MAX_THUMBNAIL_SIDE);
      expect(size.width).toBeLessThanOrEqual(Math.min(imageWidth, width ?? MAX_THUMBNAIL_SIDE));
      expect(size.height).toBeLessThanOrEqual(Math.min(imageHeight, height ?? MAX_THUMBNAIL_SIDE));
    }),
  );
});

test.each([
  [{ format: 'png' as const }, 'webp' as const, 'png'],
  [{}, 'webp' as const, 'webp'],
  [{}, undefined, undefined],
])('the format is what the query %j says, else %s', (query, preferred, expected) => {
  const operations = thumbnailOperations({ width: 10, ...query }, preferred);

  expect(operations.find((operation) => operation.op === 'format')?.format).toBe(expected);
});

test.each([
  [{ width: '320' }, true],
  [{ height: '1024', format: 'avif' }, true],
  [{}, false],
  [{ format: 'webp' }, false],
  [{ width: '0' }, false],
  [{ width: '1025' }, false],
  [{ width: '1.5' }, false],
  [{ width: 'wide' }, false],
  [{ width: '' }, false],
  [{ width: '10', format: 'gif' }, false],
  [{ width: '10', fit: 'cover' }, false],
])('the query %j is taken: %s', (query, taken) => {
  expect(ThumbnailQuery.safeParse(query).success).toBe(taken);
});
