import type { Sharp } from 'sharp';
import type { ImageFormat } from '../domain/image-format.ts';
import type { Operation, OutputFormat } from '../messages/operations.ts';

/** How the result is encoded. Grayscale is a matter of the output, too: it does not depend on its place in the list. */
export interface Output {
  readonly format: OutputFormat;
  readonly quality?: number | undefined;
  readonly grayscale: boolean;
}

/** A high effort keeps an AVIF encoder busy for minutes, and no timeout stops it. */
const AVIF_EFFORT = 2;

/** What the operations ask for; else the format of the input, or JPEG where that is not one of the output formats. */
export const outputOf = (operations: readonly Operation[], input: ImageFormat): Output => {
  const format = operations.findLast((operation) => operation.op === 'format');
  return {
    format: format?.format ?? (input === 'gif' || input === 'tiff' ? 'jpeg' : input),
    quality: format?.quality,
    grayscale: operations.some(({ op }) => op === 'grayscale'),
  };
};

/** Adds the encoder to a pipeline. JPEG knows no transparency: white shows through. */
export const encode = (image: Sharp, { format, quality, grayscale }: Output): Sharp => {
  const toned = grayscale ? image.grayscale() : image;
  const options = quality === undefined ? {} : { quality };
  switch (format) {
    case 'jpeg':
      return toned.flatten({ background: 'white' }).jpeg(options);
    case 'png':
      return toned.png(options);
    case 'webp':
      return toned.webp(options);
    case 'avif':
      return toned.avif({ ...options, effort: AVIF_EFFORT });
  }
};
