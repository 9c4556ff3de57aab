import type { Operation, OutputFormat } from '../messages/operations.ts';
import { MAX_THUMBNAIL_SIDE, type ThumbnailQuery } from '../messages/thumbnail-query.ts';

/**
 * What is to be done for a thumbnail. Both sides: the box is filled, and what stands out is cut off. One side: the whole
 * image, and the other side follows, up to the longest that is allowed. It is never enlarged.
 *
 * @param preferred the format where the query names none; that of the image where nothing does
 */
export const thumbnailOperations = (
  { width, height, format }: ThumbnailQuery,
  preferred?: OutputFormat,
): Operation[] => {
  const chosen = format ?? preferred;
  return [
    width !== undefined && height !== undefined
      ? { op: 'resize', width, height, fit: 'cover' }
      : {
          op: 'resize',
          width: width ?? MAX_THUMBNAIL_SIDE,
          height: height ?? MAX_THUMBNAIL_SIDE,
          fit: 'inside',
        },
    ...(chosen ? [{ op: 'format' as const, format: chosen }] : []),
  ];
};
