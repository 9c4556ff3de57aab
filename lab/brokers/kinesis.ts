import { KinesisClient, ListShardsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Broker, ConsumerOptions, Lane, LaneOptions } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import type { LabMessage } from '../message.ts';
import { clientConfig } from '../targets/client-config.ts';
import type { CloudTarget } from '../targets/target.ts';
import { answerOf } from './answer.ts';

/** What a record's shard is chosen by. */
export type PartitionKeyOf = (message: LabMessage) => string;

/** Amazon Kinesis Data Streams. The consumers of a group have the shards divided among them beforehand. */
export const kinesis = (target: CloudTarget, partitionKeyOf: PartitionKeyOf = ({ key }) => key): Broker => ({
  name: 'kinesis',
  version: target.version,
  fanOut: true,
  ...(target.outage && { outage: target.outage }),
  open: async (options) => streamLane(target, options, partitionKeyOf),
});

const streamLane = async (
  { endpoint, resources: { streamName: StreamName } }: CloudTarget,
  { run, format }: LaneOptions,
  partitionKeyOf: PartitionKeyOf,
): Promise<Lane> => {
  const client = new KinesisClient(clientConfig(endpoint));
  const openedAt = Date.now();
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const shardIds = Shards.map(({ ShardId = '' }) => ShardId);
  /** By group, how far each shard was read: a consumer that comes back goes on from there. */
  const checkpoints = new Map<string, Map<string, string>>();

  const sharesOf = ({ group, share }: ConsumerOptions) =>
    shardIds
      .filter((_, index) => index % share.of === share.index)
      .map((shardId) => {
        const after = checkpoints.get(group)?.get(shardId);
        return { shardId, fromMs: openedAt, ...(after && { after }) };
      });

  return {
    producer: async () => ({
      send: (message) =>
        answerOf(() =>
          client.send(
            new PutRecordCommand({
              StreamName,
              PartitionKey: partitionKeyOf(message),
              Data: format.encode(message),
            }),
          ),
        ),
      close: async () => undefined,
    }),
    consumer: (options, onReceived) => {
      const checkpointsOf = checkpoints.get(options.group) ?? new Map<string, string>();
      checkpoints.set(options.group, checkpointsOf);
      return startConsumer(
        { kind: 'stream', streamName: StreamName, shards: sharesOf(options), ...(endpoint && { endpoint }) },
        { ...options, run, format: format.name },
        { onReceived, onCheckpoint: (shardId, at) => checkpointsOf.set(shardId, at) },
      );
    },
    close: async () => client.destroy(),
  };
};
