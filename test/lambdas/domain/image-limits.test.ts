import fc from 'fast-check';
import sharp from 'sharp';
import { applyStep } from '../../../lambdas/adapters/sharp-operations.ts';
import { checkOutput, sizeAfter } from '../../../lambdas/domain/image-limits.ts';
import type { ResizeOperation } from '../../../lambdas/messages/operations.ts';

const side = fc.integer({ min: 1, max: 200 });
const resize: fc.Arbitrary<ResizeOperation> = fc
  .record(
    {
      op: fc.constant('resize' as const),
      width: side,
      height: side,
      fit: fc.constantFrom('cover', 'contain', 'fill', 'inside', 'outside'),
      enlarge: fc.boolean(),
    },
    { requiredKeys: ['op'] },
  )
  .filter(({ width, height }) => width !== undefined || height !== undefined);

test('a resize makes no image larger than foretold, by a pixel of rounding at most', async () => {
  await fc.assert(
    fc.asyncProperty(side, side, resize, async (width, height, operation) => {
      const image = sharp({ create: { width, height, channels: 3, background: 'red' } });

      const { info } = await applyStep(image, operation).raw().toBuffer({ resolveWithObject: true });

      const foretold = sizeAfter(operation, { width, height });
      expect(info.width).toBeLessThanOrEqual(foretold.width + 1);
      expect(info.height).toBeLessThanOrEqual(foretold.height + 1);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [90, { width: 20, height: 40 }],
  [180, { width: 40, height: 20 }],
  [270, { width: 20, height: 40 }],
] as const)('a turn by %i degrees gives %j', (degrees, expected) => {
  expect(sizeAfter({ op: 'rotate', degrees }, { width: 40, height: 20 })).toEqual(expected);
});

test('a photograph of 16 megapixels may become AVIF, a larger one may not, whatever else it may become', () => {
  const large = { width: 8000, height: 6000 };

  expect(() => checkOutput('avif', { width: 4608, height: 3456 })).not.toThrow();
  expect(() => checkOutput('webp', large)).not.toThrow();
  expect(() => checkOutput('avif', large)).toThrow('16000000 pixels');
});
