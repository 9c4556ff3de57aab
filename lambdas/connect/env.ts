import * as z from 'zod';

/** Nothing is needed to let a client connect. */
export const ConnectEnv = z.object({});
