import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Replay } from '../replay.ts';
import { type Recorded, withStatus } from './http.ts';

export const s3Client = ({ endpoint }: Replay): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** What the one object of a bucket says. */
export const onlyObject = async (replay: Replay, Bucket: string): Promise<unknown> => {
  const s3 = s3Client(replay);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: Contents[0]?.Key }));
  return JSON.parse((await Body?.transformToString()) ?? 'null');
};

/** An error in the shape of the recordings. */
export const refusal = async (ask: () => Promise<unknown>): Promise<Recorded> => {
  try {
    await ask();
    return withStatus(200, {});
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode ?? 0;
    return withStatus(status, { Error: { Code: error.name, Message: error.message } });
  }
};
