import { GetObjectCommand, type GetObjectCommandOutput, NoSuchKey } from '@aws-sdk/client-s3';
import type { Uploads } from '../domain/ports.ts';
import { uploadMissing, uploadTooLarge } from '../domain/problem.ts';
import { s3 } from './s3-client.ts';

/** Reads uploads whole into memory, hence the limit, which is checked before the first byte is read. */
export const s3Uploads = (bucket: string): Uploads => ({
  async read(key, maxBytes) {
    const { Body, ContentLength } = await open(bucket, key);
    if (!Body || ContentLength === undefined) throw new Error(`S3 answered without the object ${key}`);
    if (ContentLength > maxBytes) {
      // Given up unread, the body would hold its connection.
      if ('destroy' in Body) Body.destroy();
      throw uploadTooLarge(`${ContentLength} bytes were uploaded, ${maxBytes} were declared.`);
    }
    return Body.transformToByteArray();
  },
});

const open = async (bucket: string, key: string): Promise<GetObjectCommandOutput> => {
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (error instanceof NoSuchKey) throw uploadMissing('Uploads are kept for a limited time.');
    throw error;
  }
};
