import { GetObjectCommand, HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ResultLinks } from '../domain/ports.ts';
import { s3 } from './s3-client.ts';

/** How long a link can be used, in seconds. */
const VALID_SECONDS = 300;

export const s3ResultLinks = (bucket: string): ResultLinks => ({
  /** Needs `s3:ListBucket` as well: without it S3 answers 403 for an object that is not there ("HeadObject"). */
  async exists(key) {
    try {
      await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  },

  link: (key) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: VALID_SECONDS }),
});
