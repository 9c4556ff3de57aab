import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Results } from '../domain/ports.ts';
import { s3 } from './s3-client.ts';

export const s3Results = (bucket: string): Results => ({
  async write(key, bytes, contentType) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }));
  },
});
