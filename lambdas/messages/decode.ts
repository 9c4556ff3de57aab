import type { ZodType } from 'zod';

/**
 * Reads text as JSON and holds it against its contract.
 * @throws {SyntaxError} when the text is not JSON
 * @throws {ZodError} when it is something else than the contract says
 */
export const decode = <T>(schema: ZodType<T>, text: string): T => {
  const value: unknown = JSON.parse(text);
  return schema.parse(value);
};

/** The same for the body of a message from a queue. */
export const bodyOf =
  <T>(schema: ZodType<T>) =>
  ({ body }: { body: string }): T =>
    decode(schema, body);

/** The same for whoever can go on without: `undefined` where `decode` throws. */
export const readable = <T>(schema: ZodType<T>, text: string): T | undefined => {
  try {
    return decode(schema, text);
  } catch {
    return undefined;
  }
};
