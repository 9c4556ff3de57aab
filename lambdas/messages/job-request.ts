import * as z from 'zod';
import { Operations } from './operations.ts';

/** The largest upload, in bytes. */
export const MAX_UPLOAD_BYTES = 25_000_000;

/** What may be uploaded. SVG is left out on purpose: it is a program, not a picture. */
export const ImageContentType = z.enum([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/tiff',
]);

export type ImageContentType = z.infer<typeof ImageContentType>;

/** Where the events of a job are sent to; which addresses are taken is decided elsewhere. */
export const JobWebhookRequest = z.strictObject({ url: z.string().min(1).max(2048) });

/** The body of `POST /v1/jobs`. `contentLength` is the most that may be uploaded, in bytes. */
export const JobRequest = z.strictObject({
  contentType: ImageContentType,
  contentLength: z.int().min(1).max(MAX_UPLOAD_BYTES),
  operations: Operations,
  webhook: JobWebhookRequest.optional(),
});

export type JobRequest = z.infer<typeof JobRequest>;
