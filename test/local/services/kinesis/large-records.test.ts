import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateMaxRecordSizeCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesis } from './kinesis-server.ts';

const StreamName = 'large';
const MIB = 1024 * 1024;
const REFUSED = { name: 'ProvisionedThroughputExceededException' };
let under: Awaited<ReturnType<typeof startKinesis>>;

beforeEach(async () => {
  under = await startKinesis();
});

afterEach(() => under.close());

const create = (MaxRecordSizeInKiB?: number) =>
  under.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1, MaxRecordSizeInKiB }));

const put = (bytes: number) =>
  under.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: new Uint8Array(bytes) }));

const largest = async () =>
  (await under.client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary
    ?.MaxRecordSizeInKiB;

test('a stream takes records of up to 1 MiB, until it is told to take larger ones', async () => {
  const { client } = under;
  await create();
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  const StreamARN = StreamDescriptionSummary?.StreamARN;

  await expect(put(MIB + 1)).rejects.toMatchObject({ name: 'ValidationException' });
  expect(await largest()).toBe(1024);
  await client.send(new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 2048 }));

  expect(await largest()).toBe(2048);
  expect((await put(2 * MIB)).SequenceNumber).toEqual(expect.any(String));
});

test('in a batch, too, no record may be larger than the stream takes', async () => {
  await create(2048);
  const Records = [1, 2 * MIB + 1].map((bytes) => ({ PartitionKey: 'k', Data: new Uint8Array(bytes) }));

  const batch = under.client.send(new PutRecordsCommand({ StreamName, Records }));

  await expect(batch).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a large record goes beyond a shard’s rate once; then the shard is waited for', async () => {
  await create(10_240);
  await put(4 * MIB - 1);

  await expect(put(1)).rejects.toMatchObject(REFUSED);
  under.clock.advance(3_999);
  await expect(put(1)).rejects.toMatchObject(REFUSED);
  under.clock.advance(1);

  expect((await put(1)).SequenceNumber).toEqual(expect.any(String));
});

test.each([1023, 10_241])('a largest record of %d KiB is refused', async (size) => {
  await expect(create(size)).rejects.toMatchObject({ name: 'ValidationException' });
});
