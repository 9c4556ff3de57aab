import sharp, { type Sharp } from 'sharp';
import type { CropOperation, Operation, ResizeOperation } from '../messages/operations.ts';

/** An operation that takes its place in the order of the list; the others describe the output. */
export type Step = Exclude<Operation, { op: 'format' | 'grayscale' }>;

export const isStep = (operation: Operation): operation is Step =>
  operation.op !== 'format' && operation.op !== 'grayscale';

/** Adds one step to a pipeline that has none yet. */
export const applyStep = (image: Sharp, step: Step): Sharp => {
  switch (step.op) {
    case 'resize':
      return resize(image, step);
    case 'crop':
      return crop(image, step);
    case 'rotate':
      return image.rotate(step.degrees);
    case 'flip':
      return image.flip();
    case 'flop':
      return image.flop();
    case 'blur':
      return image.blur(step.sigma);
    case 'sharpen':
      return image.sharpen();
  }
};

/** A fit is about a box: with one side missing there is nothing to fit, and `contain` would pad. */
const resize = (image: Sharp, { width, height, fit = 'cover', enlarge = false }: ResizeOperation): Sharp =>
  image.resize({
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(width !== undefined && height !== undefined && { fit }),
    withoutEnlargement: !enlarge,
    background: 'white',
  });

/** The smart crop first scales down until the box is covered, then keeps what draws most attention. */
const crop = (image: Sharp, operation: CropOperation): Sharp => {
  const { width, height } = operation;
  return operation.strategy === 'smart'
    ? image.resize({ width, height, fit: 'cover', position: sharp.strategy.attention })
    : image.extract({ left: operation.left, top: operation.top, width, height });
};
