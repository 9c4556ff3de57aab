import { setTimeout } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { ActivityLog } from '../domain/activity-ports.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { type PutBatch, putEntries } from './put-entries.ts';

const kinesis = new KinesisClient({});

/** Kinesis API, "PutRecords". */
const MOST_RECORDS = 500;

const ATTEMPTS = 4;

/** Twice as long each time, with jitter: what failed together need not come again together. */
const pause = (attempt: number): Promise<void> =>
  setTimeout(50 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));

/** The activity log on Amazon Kinesis Data Streams, in CloudEvents' structured mode: records have no headers. */
export const kinesisActivityLog = (streamName: string): ActivityLog => ({
  async append(events) {
    const notPut = await putEntries(events, {
      keyOf: ({ subject }) => subject,
      put: putTo(streamName),
      limit: MOST_RECORDS,
      attempts: ATTEMPTS,
      pause,
    });
    return notPut.map(({ entry, reason }) => ({ event: entry, reason }));
  },
});

const putTo =
  (StreamName: string): PutBatch<CloudEvent> =>
  async (events) => {
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({
        StreamName,
        Records: events.map((event) => ({
          PartitionKey: event.subject,
          Data: Buffer.from(JSON.stringify(event)),
        })),
      }),
    );
    return Records.map(({ ErrorCode, ErrorMessage }) => ErrorCode && `${ErrorCode}: ${ErrorMessage}`);
  };
