import * as z from 'zod';
import { Format } from './operations.ts';

/** The longest side of a thumbnail, in pixels: even as a raw PNG it fits into one answer of a function (6 MB). */
export const MAX_THUMBNAIL_SIDE = 1024;

const side = z.coerce.number().int().min(1).max(MAX_THUMBNAIL_SIDE);

/** The query of `POST /v1/thumbnails`. One side may be missing, and follows the proportions. */
export const ThumbnailQuery = z
  .strictObject({ width: side.optional(), height: side.optional(), format: Format.shape.format.optional() })
  .refine(({ width, height }) => width !== undefined || height !== undefined, {
    path: ['width'],
    error: 'width or height is required',
  });

export type ThumbnailQuery = z.infer<typeof ThumbnailQuery>;
