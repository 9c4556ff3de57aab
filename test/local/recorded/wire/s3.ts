import { S3Client } from '@aws-sdk/client-s3';
import type { Replay } from '../replay.ts';

export const s3Client = ({ endpoint }: Replay): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
