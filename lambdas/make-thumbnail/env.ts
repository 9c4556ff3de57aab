import * as z from 'zod';

/** A thumbnail needs nothing but the image: the function keeps nothing, and calls nobody. */
export const MakeThumbnailEnv = z.object({});
