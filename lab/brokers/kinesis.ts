import { KinesisClient, ListShardsCommand, PutRecordCommand, type Shard } from '@aws-sdk/client-kinesis';
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
  const starts = await marked(client, StreamName);
  /** By group, how far each shard was read: a consumer that comes back goes on from there. */
  const checkpoints = new Map<string, Map<string, string>>();

  const sharesOf = ({ group, share }: ConsumerOptions) =>
    starts
      .filter((_, index) => index % share.of === share.index)
      .map(({ shardId, marker }) => ({ shardId, after: checkpoints.get(group)?.get(shardId) ?? marker }));

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
    answers: async () => {
      await client.send(new ListShardsCommand({ StreamName }));
    },
    close: async () => client.destroy(),
  };
};

/** A place in a shard that every record of the run comes after. */
interface Start {
  readonly shardId: string;
  readonly marker: string;
}

/**
 * Puts a record into each shard, which its consumers read after: by a time of day they would rely on this machine's
 * clock, and miss what came while it was ahead of the stream's.
 */
const marked = async (client: KinesisClient, StreamName: string): Promise<readonly Start[]> => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  return Promise.all(Shards.filter(isOpen).map((shard) => markerIn(client, StreamName, shard)));
};

/** A shard that was split or merged ends with a sequence number, and takes no records any more. */
const isOpen = ({ SequenceNumberRange }: Shard): boolean =>
  SequenceNumberRange?.EndingSequenceNumber === undefined;

const markerIn = async (
  client: KinesisClient,
  StreamName: string,
  { ShardId: shardId = '', HashKeyRange }: Shard,
): Promise<Start> => {
  const { ShardId, SequenceNumber: marker = '' } = await client.send(
    new PutRecordCommand({
      StreamName,
      PartitionKey: 'start',
      ...(HashKeyRange?.StartingHashKey && { ExplicitHashKey: HashKeyRange.StartingHashKey }),
      Data: new TextEncoder().encode('a run starts here'),
    }),
  );
  // A shard without a marker would be read from anywhere, and another one twice.
  if (ShardId !== shardId)
    throw new Error(`the record that marks the start of ${shardId} went to ${ShardId}`);
  return { shardId, marker };
};
