import type * as z from 'zod';

/**
 * The environment variables of this function, held against their schema before the first event.
 * @throws {Error} naming each variable that is missing or wrong
 */
export const readEnv = <T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv = process.env): T => {
  const read = schema.safeParse(environment);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new Error(`Environment variables are missing or wrong: ${wrong.join(', ')}`);
};
