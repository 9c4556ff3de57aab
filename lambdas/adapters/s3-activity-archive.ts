import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Activity } from '../domain/activity.ts';
import type { ActivityArchive } from '../domain/activity-ports.ts';
import { s3 } from './s3-client.ts';

/**
 * One object per batch, one line per record, under the partition and the first record's time and offset: when Lambda hands
 * out the batch again, the object takes the place of the one before, and no record is kept twice. The time is there for a
 * topic that is made anew: its offsets begin at zero again, and must not take the place of what the former one had.
 */
export const s3ActivityArchive = (bucket: string): ActivityArchive => ({
  async write(batch) {
    const [first] = batch;
    if (!first) return;
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `activity/${encodeURIComponent(first.partition)}/${first.at.getTime()}-${first.offset}.ndjson`,
        Body: batch.map(lineOf).join(''),
        ContentType: 'application/x-ndjson',
      }),
    );
  },
});

const lineOf = ({ partition, offset, at, event }: Activity): string =>
  `${JSON.stringify({ partition, offset, at: at.toISOString(), event })}\n`;
