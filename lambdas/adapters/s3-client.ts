import { S3Client } from '@aws-sdk/client-s3';

/** One client per environment: its connections are reused by every invocation. */
export const s3 = new S3Client({});
