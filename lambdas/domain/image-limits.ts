import type { CropOperation, Operation, ResizeOperation } from '../messages/operations.ts';
import { cropOutside, outputTooLarge } from './problem.ts';

/** The most pixels that any image, before, between or after the operations, may have: what bounds the worker's memory. */
export const MAX_PIXELS = 50_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Refuses an operation that an image of this size does not allow, before any work is put into it.
 * @throws {ProblemError} `crop-outside`, `output-too-large`
 */
export const checkOperation = (operation: Operation, size: Size): void => {
  if (operation.op === 'crop') checkCrop(operation, size);
  if (operation.op === 'resize') checkPixels(resized(operation, size));
};

const checkCrop = (crop: CropOperation, size: Size): void => {
  const [left, top] = crop.strategy === 'smart' ? [0, 0] : [crop.left, crop.top];
  if (left + crop.width > size.width || top + crop.height > size.height) {
    throw cropOutside(
      `${crop.width} x ${crop.height} at ${left}, ${top} is not inside the ${size.width} x ${size.height} image.`,
    );
  }
};

const checkPixels = ({ width, height }: Size): void => {
  if (width * height > MAX_PIXELS) {
    throw outputTooLarge(`${width} x ${height} would be more than ${MAX_PIXELS} pixels.`);
  }
};

/** How large the outcome of a resize is at most. `contain` pads to the whole box; the others stay within the image unless told to enlarge. */
const resized = ({ width, height, fit = 'cover', enlarge = false }: ResizeOperation, size: Size): Size => {
  const scales = [width && width / size.width, height && height / size.height].filter(
    (scale) => scale !== undefined,
  );
  const box = { width: width ?? size.width, height: height ?? size.height };
  if (scales.length === 2 && fit === 'contain') return box;

  const scale = fit === 'inside' ? Math.min(...scales) : Math.max(...scales);
  const scaled = scales.length === 1 || fit === 'inside' || fit === 'outside' ? times(size, scale) : box;
  return enlarge
    ? scaled
    : { width: Math.min(scaled.width, size.width), height: Math.min(scaled.height, size.height) };
};

const times = ({ width, height }: Size, scale: number): Size => ({
  width: Math.round(width * scale),
  height: Math.round(height * scale),
});
