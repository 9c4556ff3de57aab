import * as z from 'zod';

/**
 * The body of `POST /v1/feedback`. API Gateway puts it on a queue as it came, after holding it against this schema:
 * the words of a user and no envelope, as nobody is there to write one.
 */
export const Feedback = z.strictObject({
  message: z.string().min(1).max(10_000),
  rating: z.int().min(1).max(5).optional(),
});

export type Feedback = z.infer<typeof Feedback>;
