import { KinesisClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { at, listAt, type Replay, type Scripts, textAt } from '../replay.ts';
import type { Recorded } from '../wire/http.ts';
import { callJson } from '../wire/json.ts';

const SHARD = 'shardId-000000000000';

type Input = Readonly<Record<string, unknown>>;

export class KinesisSteps {
  readonly #replay: Replay;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  call(action: string, input: Input): Promise<Recorded> {
    return callJson(this.#replay.endpoint, `Kinesis_20131202.${action}`, '1.1', input);
  }

  async stream(input: Input = { ShardCount: 1 }): Promise<{ name: string; arn: string }> {
    const name = this.#replay.name();
    await this.call('CreateStream', { StreamName: name, ...input });
    return { name, arn: this.#replay.cloud.kinesis.arnOf(name) };
  }

  put(StreamName: string, data: string, PartitionKey = 'test'): Promise<Recorded> {
    return this.call('PutRecord', { StreamName, PartitionKey, Data: Buffer.from(data).toString('base64') });
  }

  putAll(StreamName: string, records: readonly (readonly [data: string, key: string])[]): Promise<Recorded> {
    const Records = records.map(([data, PartitionKey]) => ({
      Data: Buffer.from(data).toString('base64'),
      PartitionKey,
    }));
    return this.call('PutRecords', { StreamName, Records });
  }
}

/** Records with their data as Python shows bytes. */
const shown = (records: readonly unknown[]): unknown[] =>
  records
    .map((record) => ({ record, data: Buffer.from(textAt(record, 'Data'), 'base64') }))
    .sort((one, other) => Buffer.compare(one.data, other.data))
    .map(({ record, data }) => ({
      ...Object.fromEntries(Object.entries(record ?? {})),
      Data: pythonBytes(data),
    }));

const pythonBytes = (data: Uint8Array): string =>
  `b'${[...data].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('')}'`;

/** What a registered consumer of the stream is pushed, while five records are put. */
const pushed = async (replay: Replay, position: (kinesis: KinesisSteps, name: string) => Promise<Input>) => {
  const kinesis = new KinesisSteps(replay);
  const { name, arn } = await kinesis.stream();
  const { Consumer } = await kinesis.call('RegisterStreamConsumer', { StreamARN: arn, ConsumerName: 'c1' });
  const client = new KinesisClient({
    endpoint: replay.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Type, SequenceNumber } = await position(kinesis, name);
  const { EventStream } = await client.send(
    new SubscribeToShardCommand({
      ConsumerARN: textAt(Consumer, 'ConsumerARN'),
      ShardId: SHARD,
      StartingPosition: {
        Type: Type === 'AT_TIMESTAMP' ? 'AT_TIMESTAMP' : Type === 'LATEST' ? 'LATEST' : 'AT_SEQUENCE_NUMBER',
        ...(Type === 'AT_TIMESTAMP' && { Timestamp: new Date('2015-01-01') }),
        ...(typeof SequenceNumber === 'string' && { SequenceNumber }),
      },
    }),
  );
  const put = Array.from({ length: 5 }, (_, index) => [`Hello world_${index}`, '1'] as const);
  await kinesis.putAll(name, put);
  const records: object[] = [];
  let last: object = {};
  for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
    const { Records = [], ...rest } = event ?? {};
    records.push(
      ...Records.map(({ Data, ...record }) => ({
        ...record,
        Data: Buffer.from(Data ?? []).toString('base64'),
      })),
    );
    if (Records.length > 0) last = rest;
    if (records.length >= put.length) break;
  }
  client.destroy();
  return { Records: shown(records), ...last };
};

/** Streams: shards, consumers, tags, records. */
export const streams: Scripts = {
  test_create_stream_without_shard_count: async (replay) => {
    const kinesis = new KinesisSteps(replay);
    const { name } = await kinesis.stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const described = await kinesis.call('DescribeStream', { StreamName: name });
    replay.note('Shards', { Shards: listAt(described, 'StreamDescription', 'Shards') }.Shards);
  },
  test_add_tags_to_stream: async (replay) => {
    const kinesis = new KinesisSteps(replay);
    const { name: StreamName } = await kinesis.stream();
    await kinesis.call('AddTagsToStream', { StreamName, Tags: { foo: 'bar' } });
    replay.note('Tags', at(await kinesis.call('ListTagsForStream', { StreamName }), 'Tags', 0));
  },
  test_record_lifecycle_data_integrity: async (replay) => {
    const kinesis = new KinesisSteps(replay);
    const { name: StreamName } = await kinesis.stream();
    const start = { StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' };
    const ShardIterator = textAt(await kinesis.call('GetShardIterator', start), 'ShardIterator');
    for (const data of ['test', 'ünicödé 统一码 💣💻🔥', 'a'.repeat(1000), ''])
      await kinesis.put(StreamName, data, '1');
    replay.note('Records', shown(listAt(await kinesis.call('GetRecords', { ShardIterator }), 'Records')));
  },
  test_stream_consumers: async (replay) => {
    const kinesis = new KinesisSteps(replay);
    const { arn: StreamARN } = await kinesis.stream();
    const { Consumer } = await kinesis.call('RegisterStreamConsumer', {
      StreamARN,
      ConsumerName: 'consumer',
    });
    const listed = await kinesis.call('ListStreamConsumers', { StreamARN });
    replay.note('One_consumer_by_list_stream', at(listed, 'Consumers'));
    const ConsumerARN = textAt(Consumer, 'ConsumerARN');
    const described = await kinesis.call('DescribeStreamConsumer', { ConsumerARN });
    replay.note('One_consumer_by_describe_stream', at(described, 'ConsumerDescription'));
  },
  test_subscribe_to_shard: async (replay) => {
    replay.note('Events', [await pushed(replay, async () => ({ Type: 'LATEST' }))]);
  },
  test_subscribe_to_shard_with_at_timestamp: async (replay) => {
    replay.note('Records', (await pushed(replay, async () => ({ Type: 'AT_TIMESTAMP' }))).Records);
  },
  test_subscribe_to_shard_with_sequence_number_as_iterator: async (replay) => {
    const first = async (kinesis: KinesisSteps, StreamName: string): Promise<Input> => {
      const described = await kinesis.call('DescribeStream', { StreamName });
      const range = ['StreamDescription', 'Shards', 0, 'SequenceNumberRange', 'StartingSequenceNumber'];
      return { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: textAt(described, ...range) };
    };
    replay.note('Records', (await pushed(replay, first)).Records);
  },
};
