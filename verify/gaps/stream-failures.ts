import { setTimeout as pause } from 'node:timers/promises';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Gap } from '../gap.ts';

export const streamFailures: Gap = {
  scenarios: ['stream-poison'],
  reason: "an event source mapping's destination on failure is never used: what a consumer gives up is gone",
  reproduce: async (app) => {
    const Bucket = app.output('ActivityFailuresBucketName');
    await app.kinesis.send(
      new PutRecordCommand({
        StreamName: app.output('ActivityStreamName'),
        PartitionKey: 'poison',
        Data: new TextEncoder().encode('no event at all'),
      }),
    );
    await pause(20_000);
    const { Contents = [] } = await app.s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.length === 0
      ? 'a record that its consumers cannot read: nothing in the bucket for failures after 20 seconds'
      : undefined;
  },
};
