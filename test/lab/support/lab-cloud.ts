import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../../lab/targets/client-config.ts';
import type { CloudTarget } from '../../../lab/targets/target.ts';
import type { Clock } from '../../../local/clock.ts';
import { startCloud } from '../../../local/start-cloud.ts';

/** A local cloud in this process with what the lab measures of SQS and Kinesis. */
export const startLabCloud = async (
  clock?: Clock,
): Promise<{ target: CloudTarget; close(): Promise<void> }> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lab-cloud-'));
  const running = await startCloud({ port: 0, dataDir, ...(clock && { clock }) });
  const { endpoint } = running;
  const sqs = new SQSClient(clientConfig(endpoint));
  const kinesis = new KinesisClient(clientConfig(endpoint));
  const queue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const resources = {
    queueUrl: await queue('lab'),
    orderedQueueUrl: await queue('lab.fifo', {
      FifoQueue: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    }),
    topicArn: '',
    copyQueueUrls: [],
    streamName: 'lab',
  };
  await kinesis.send(new CreateStreamCommand({ StreamName: resources.streamName, ShardCount: 4 }));
  return {
    target: { name: 'local', endpoint, version: 'the local cloud', resources },
    close: async () => {
      sqs.destroy();
      kinesis.destroy();
      await running.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
