import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { UploadForms } from '../domain/ports.ts';
import { s3 } from './s3-client.ts';

/** How long a form can be used, in seconds. */
const VALID_SECONDS = 300;

/**
 * Uploads go straight to S3, past this service; S3 itself holds them to the key, the size and the type that were agreed
 * (S3 API reference, "POST Policy"). The client library adds the condition of the exact key and of every field.
 */
export const s3UploadForms = (bucket: string): UploadForms => ({
  form: ({ key, contentType, maxBytes }) =>
    createPresignedPost(s3, {
      Bucket: bucket,
      Key: key,
      Expires: VALID_SECONDS,
      Fields: { 'Content-Type': contentType },
      Conditions: [['content-length-range', 1, maxBytes]],
    }),
});
