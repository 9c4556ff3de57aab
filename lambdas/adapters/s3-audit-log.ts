import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { AuditLog } from '../domain/ports.ts';
import { s3 } from './s3-client.ts';

/** One object per event, by day and id: an event that is delivered twice is kept once. */
export const s3AuditLog = (bucket: string): AuditLog => ({
  async write(id, time, event) {
    const day = time.slice(0, 'yyyy-mm-dd'.length);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `events/${day}/${encodeURIComponent(id)}.json`,
        Body: event,
        ContentType: 'application/cloudevents+json',
      }),
    );
  },
});
