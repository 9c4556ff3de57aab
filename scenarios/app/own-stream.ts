import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
} from '@aws-sdk/client-kinesis';
import type { App } from './app.ts';
import { until } from './until.ts';

/** Gives `use` a stream that nobody else reads or writes, and deletes it afterwards. */
export const withOwnStream = async <T>(
  app: App,
  shardCount: number,
  use: (streamName: string) => Promise<T>,
): Promise<T> => {
  const StreamName = `scenario-${randomUUID()}`;
  await app.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shardCount }));
  try {
    await untilActive(app, StreamName);
    return await use(StreamName);
  } finally {
    await app.kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
  }
};

/** A stream that is created or resharded takes half a minute on AWS; it can be written and read meanwhile. */
export const untilActive = async (app: App, StreamName: string): Promise<void> => {
  await until(
    `stream ${StreamName} to be ACTIVE`,
    async () => {
      const answer = await app.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      return answer.StreamDescriptionSummary?.StreamStatus;
    },
    (status) => status === 'ACTIVE',
    { timeoutMs: 180_000, everyMs: 200 },
  );
};
