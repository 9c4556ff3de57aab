import { corruptImage, outputTooLarge, ProblemError, tooManyPixels } from '../domain/problem.ts';

/** What the image library reports when the machine is to blame and not the image. */
const MACHINE = /out of memory|cannot allocate|unable to create thread|expected .* but received/i;

/**
 * Waits for the image library, and tells the faults of the image, which no repetition mends, from those of the machine,
 * which are left as they are.
 * @throws {ProblemError} `too-many-pixels`, `output-too-large`, `corrupt-image`
 */
export const orProblem = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError || !(error instanceof Error) || MACHINE.test(error.message))
      throw error;
    throw problemFor(error.message);
  }
};

const problemFor = (message: string): ProblemError => {
  if (/exceeds pixel limit/i.test(message))
    return tooManyPixels('The image has more pixels than are allowed.');
  if (/too large for/i.test(message))
    return outputTooLarge('The result does not fit into the output format.');
  return corruptImage(`The image cannot be read: ${message.split('\n', 1)[0]}`);
};
