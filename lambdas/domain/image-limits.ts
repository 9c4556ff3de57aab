import type { CropOperation, Operation, OutputFormat, ResizeOperation } from '../messages/operations.ts';
import { cropOutside, outputTooLarge } from './problem.ts';

/** The most pixels that any image, before, between or after the operations, may have: what bounds the worker's memory. */
export const MAX_PIXELS = 50_000_000;

/** AVIF's encoder takes several times the memory and time of the others: some 40 bytes and 1 microsecond a pixel. */
const MAX_AVIF_PIXELS = 16_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How large an image of this size is at most after the operation; known before any work is put into it.
 * @throws {ProblemError} `crop-outside`, `output-too-large`
 */
export const sizeAfter = (operation: Operation, size: Size): Size => {
  switch (operation.op) {
    case 'crop':
      return cropped(operation, size);
    case 'resize':
      return within(MAX_PIXELS, resized(operation, size));
    case 'rotate':
      return operation.degrees === 180 ? size : { width: size.height, height: size.width };
    default:
      return size;
  }
};

/** @throws {ProblemError} `output-too-large` */
export const checkOutput = (format: OutputFormat, size: Size): void => {
  within(format === 'avif' ? MAX_AVIF_PIXELS : MAX_PIXELS, size);
};

const within = (pixels: number, size: Size): Size => {
  if (size.width * size.height > pixels) {
    throw outputTooLarge(`${size.width} x ${size.height} would be more than ${pixels} pixels.`);
  }
  return size;
};

const cropped = (crop: CropOperation, size: Size): Size => {
  const { width, height } = crop;
  const [left, top] = crop.strategy === 'smart' ? [0, 0] : [crop.left, crop.top];
  if (left + width > size.width || top + height > size.height) {
    throw cropOutside(
      `${width} x ${height} at ${left}, ${top} is not inside the ${size.width} x ${size.height} image.`,
    );
  }
  return { width, height };
};

/** `contain` pads to the whole box; the others stay within the image unless told to enlarge. */
const resized = ({ width, height, fit = 'cover', enlarge = false }: ResizeOperation, size: Size): Size => {
  const box = { width: width ?? size.width, height: height ?? size.height };
  const boxed = width !== undefined && height !== undefined;
  if (boxed && fit === 'contain') return box;

  const scales = [width && width / size.width, height && height / size.height].filter(
    (scale) => scale !== undefined,
  );
  const scale = fit === 'inside' ? Math.min(...scales) : Math.max(...scales);
  const proportional = !boxed || fit === 'inside' || fit === 'outside';
  const result = proportional ? scaled(size, scale) : box;
  return enlarge
    ? result
    : { width: Math.min(result.width, size.width), height: Math.min(result.height, size.height) };
};

const scaled = ({ width, height }: Size, scale: number): Size => ({
  width: Math.max(1, Math.round(width * scale)),
  height: Math.max(1, Math.round(height * scale)),
});
