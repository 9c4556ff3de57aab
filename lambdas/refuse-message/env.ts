import * as z from 'zod';

/** Nothing is needed to say what is wrong with a message. */
export const RefuseMessageEnv = z.object({});
