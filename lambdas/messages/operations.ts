import * as z from 'zod';

/** The longest side a result may be asked for, in pixels: the most that every output format can hold (WebP: 16383). */
export const MAX_SIDE = 16_383;

/** The most operations one job may ask for. */
export const MAX_OPERATIONS = 10;

const side = z.int().min(1).max(MAX_SIDE);
const offset = z.int().min(0).max(100_000);

/** Scales to the given box; one side may be missing, and follows the proportions. Never enlarges unless told to. */
export const Resize = z
  .strictObject({
    op: z.literal('resize'),
    width: side.optional(),
    height: side.optional(),
    fit: z.enum(['cover', 'contain', 'fill', 'inside', 'outside']).optional(),
    enlarge: z.boolean().optional(),
  })
  .refine(({ width, height }) => width !== undefined || height !== undefined, {
    path: ['width'],
    error: 'width or height is required',
  });

/** Cuts out the given region, which must lie inside the image. */
export const CropRegion = z.strictObject({
  op: z.literal('crop'),
  strategy: z.literal('region').optional(),
  left: offset,
  top: offset,
  width: side,
  height: side,
});

/** Scales down to cover the given size, and cuts off what draws least attention. The size must lie inside the image. */
export const SmartCrop = z.strictObject({
  op: z.literal('crop'),
  strategy: z.literal('smart'),
  width: side,
  height: side,
});

/** Turns clockwise. */
export const Rotate = z.strictObject({
  op: z.literal('rotate'),
  degrees: z.literal([90, 180, 270]),
});

/** Mirrors top to bottom. */
export const Flip = z.strictObject({ op: z.literal('flip') });

/** Mirrors left to right. */
export const Flop = z.strictObject({ op: z.literal('flop') });

/** Applies to the result, wherever in the list it stands. */
export const Grayscale = z.strictObject({ op: z.literal('grayscale') });

/** Gaussian blur; the cost grows with sigma, hence the limit. */
export const Blur = z.strictObject({ op: z.literal('blur'), sigma: z.number().min(0.3).max(100) });

export const Sharpen = z.strictObject({ op: z.literal('sharpen') });

/** What the result is encoded as, wherever in the list it stands; the last one counts. */
export const Format = z.strictObject({
  op: z.literal('format'),
  format: z.enum(['jpeg', 'png', 'webp', 'avif']),
  quality: z.int().min(1).max(100).optional(),
});

/** One step of a job, told by `op`. Nothing else is accepted: an unknown step is refused before anything is stored. */
export const Operation = z.discriminatedUnion('op', [
  Resize,
  z.discriminatedUnion('strategy', [CropRegion, SmartCrop]),
  Rotate,
  Flip,
  Flop,
  Grayscale,
  Blur,
  Sharpen,
  Format,
]);

export type Operation = z.infer<typeof Operation>;
export type ResizeOperation = z.infer<typeof Resize>;
export type CropOperation = z.infer<typeof CropRegion> | z.infer<typeof SmartCrop>;
export type OutputFormat = z.infer<typeof Format>['format'];

export const Operations = z.array(Operation).max(MAX_OPERATIONS);
