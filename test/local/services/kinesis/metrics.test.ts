import { GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { startKinesis } from './kinesis-server.ts';

let server: Awaited<ReturnType<typeof startKinesis>>;

beforeEach(async () => {
  server = await startKinesis();
});
afterEach(() => server.close());

test('how far a reader is behind is the age of the last record that it has read', async () => {
  const { kinesis, client, clock, metrics } = server;
  const StreamName = 'activity';
  await kinesis.createStream({ name: StreamName });
  await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('x') }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const ages = () => {
    const at = clock.now();
    return metrics.statistic('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName }, at, at + 1);
  };

  clock.advance(120_000);
  const { NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
  const behind = ages()?.maximum;
  clock.advance(60_000);
  await client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }));

  expect({ behind, caughtUp: ages()?.maximum }).toEqual({ behind: 120_000, caughtUp: 0 });
});
