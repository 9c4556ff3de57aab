import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { type Target, until } from './target.ts';

export const FIRST = 'shardId-000000000000';
export const HALF = String(2n ** 127n);

export const streamOf = async ({ kinesis, name, afterwards }: Target, ShardCount = 1) => {
  const StreamName = name();
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })));
  const summary = async () =>
    (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
  const active = () => until(summary, (found) => found?.StreamStatus === 'ACTIVE');
  const described = await active();
  const put = (text: string, PartitionKey = 'key', ExplicitHashKey?: string) =>
    kinesis.send(
      new PutRecordCommand({ StreamName, PartitionKey, ExplicitHashKey, Data: Buffer.from(text) }),
    );
  const iterator = async (
    ShardIteratorType: NonNullable<GetShardIteratorCommandInput['ShardIteratorType']> = 'TRIM_HORIZON',
    more: Partial<GetShardIteratorCommandInput> = {},
  ) =>
    (
      await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId: FIRST, ShardIteratorType, ...more }),
      )
    ).ShardIterator;
  const shards = async () => (await kinesis.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
  return { StreamName, StreamARN: described?.StreamARN, active, summary, put, iterator, shards };
};

/** Reads on until that many records have come. */
export const read = async (
  { kinesis, pass }: Target,
  from: string | undefined,
  count: number,
): Promise<string[]> => {
  const texts: string[] = [];
  let ShardIterator = from;
  for (let turn = 0; turn < 10 && texts.length < count; turn += 1) {
    const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    texts.push(...Records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
    ShardIterator = NextShardIterator;
    await pass(250);
  }
  return texts;
};
