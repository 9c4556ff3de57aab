import { availableParallelism } from 'node:os';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { contentTypeOf, sniffFormat } from '../domain/image-format.ts';
import { checkOutput, MAX_PIXELS, type Size, sizeAfter } from '../domain/image-limits.ts';
import type { ImageTransformer, TransformedImage } from '../domain/ports.ts';
import { outputTooLarge, tooManyPixels } from '../domain/problem.ts';
import { applyStep, isStep } from './sharp-operations.ts';
import { encode, type Output, outputOf } from './sharp-output.ts';
import { orProblem } from './sharp-problems.ts';

// Only the decoders of the accepted formats: SVG, PDF and the like are refused by the library itself, too.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((name) => `VipsForeignLoad${name}Buffer`),
});
// No image comes twice: a cache would only hold memory that the next one needs.
sharp.cache(false);
sharp.concurrency(availableParallelism());

/** The most bytes that a result may have. */
const MAX_RESULT_BYTES = 50_000_000;

/** 'error' refuses truncated and damaged files, and lets the harmless oddities pass that many cameras leave. */
const SAFE = { limitInputPixels: MAX_PIXELS, failOn: 'error' } satisfies SharpOptions;

/**
 * Transforms images with sharp: upright, in sRGB, without metadata, the first frame only.
 *
 * Each operation is a pipeline of its own, in the order of the list, because within one pipeline sharp follows an order of
 * its own. Between two pipelines lie raw pixels, at most two copies at a time. The first pipeline also decodes and the
 * last also encodes, so that the usual job of one resize decodes no more than it needs.
 */
export const sharpTransformer: ImageTransformer = {
  async transform(input, operations) {
    const format = sniffFormat(input);
    const output = outputOf(operations, format);
    let size = await orProblem(uprightSize(input));
    let image = sharp(input, SAFE).autoOrient();

    const steps = operations.filter(isStep);
    for (const step of steps.slice(0, -1)) {
      sizeAfter(step, size);
      ({ image, size } = await orProblem(materialized(applyStep(image, step))));
    }
    const last = steps.at(-1);
    if (last) {
      size = sizeAfter(last, size);
      image = applyStep(image, last);
    }
    checkOutput(output.format, size);
    return orProblem(encoded(image, output));
  },
};

const uprightSize = async (input: Uint8Array): Promise<Size> => {
  const { autoOrient: size } = await sharp(input, SAFE).metadata();
  if (size.width * size.height > MAX_PIXELS) {
    throw tooManyPixels(`${size.width} x ${size.height} is more than ${MAX_PIXELS} pixels.`);
  }
  return size;
};

const materialized = async (image: Sharp): Promise<{ image: Sharp; size: Size }> => {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return {
    image: sharp(data, { ...SAFE, raw: { width, height, channels } }),
    size: { width, height },
  };
};

const encoded = async (image: Sharp, output: Output): Promise<TransformedImage> => {
  const { data, info } = await encode(image, output).toBuffer({ resolveWithObject: true });
  if (data.byteLength > MAX_RESULT_BYTES) {
    throw outputTooLarge(`The result has ${data.byteLength} bytes, ${MAX_RESULT_BYTES} are allowed.`);
  }
  return { data, contentType: contentTypeOf(output.format), width: info.width, height: info.height };
};
