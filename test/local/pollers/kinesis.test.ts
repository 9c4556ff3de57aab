import fc from 'fast-check';
import { streamWith } from './kinesis-mapping.ts';

const partial = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

test('what is put wakes the mapping, and the next batch waits until this one has ended', async () => {
  const { map, put, texts, last } = await streamWith();
  await map();

  await put('a', 'b');
  await put('c');
  expect(texts()).toEqual([['a', 'b']]);
  await last().answer();

  expect(texts()).toEqual([['a', 'b'], ['c']]);
});

test('a record has the shape of a Kinesis event', async () => {
  const { map, put, last, stream } = await streamWith();
  await map();

  await put('hello');

  const [record] = last().records;
  expect(record).toEqual({
    awsRegion: 'us-east-1',
    eventID: `shardId-000000000000:${record?.kinesis.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: stream.arn,
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/counter',
    kinesis: {
      approximateArrivalTimestamp: Date.UTC(2026, 0, 1) / 1000,
      data: 'aGVsbG8=',
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber: expect.stringMatching(/^\d{56}$/),
    },
  });
});

test('LATEST leaves out what was there before, TRIM_HORIZON does not, AT_TIMESTAMP begins at its time', async () => {
  const begin = async (settings: Record<string, unknown>) => {
    const { map, put, advance, texts } = await streamWith();
    await put('old');
    await advance(5000);
    await put('middle');
    await map(settings);
    await put('new');
    return texts()[0];
  };

  const at = Date.UTC(2026, 0, 1) / 1000 + 5;
  expect(await begin({ StartingPosition: 'LATEST' })).toEqual(['new']);
  expect(await begin({ StartingPosition: 'TRIM_HORIZON' })).toEqual(['old', 'middle']);
  expect(await begin({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: at })).toEqual([
    'middle',
  ]);
});

test('a mapping cannot begin in the future', async () => {
  const { map } = await streamWith();
  const future = Date.UTC(2026, 0, 1) / 1000 + 1;

  const mapped = map({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: future });

  await expect(mapped).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
});

test('a batch is full at its size, or goes when its window closes', async () => {
  const { map, put, advance, texts, last } = await streamWith();
  await map({ BatchSize: 3, MaximumBatchingWindowInSeconds: 10 });
  await put('a', 'b', 'c', 'd');
  await last().answer();
  expect(texts()).toEqual([['a', 'b', 'c']]);

  await put('e');
  await advance(10_000);

  expect(texts()).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
});

test('with partial failures the checkpoint is the first failed record', async () => {
  const { map, put, advance, texts, last } = await streamWith();
  await map(partial);
  await put('a', 'b', 'c');

  await last().failAt('b');
  await advance(60_000);

  expect(texts()).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ]);
});

test('a poisoned record is isolated by bisecting, given up after its retries, and told to the bucket with its payload', async () => {
  const { map, put, advance, texts, last, told, stream } = await streamWith();
  const { UUID } = await map({
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
  });
  await put('a', 'b', 'poison', 'd');

  for (let step = 0; step < 12; step += 1) {
    const running = last();
    await (running.texts.includes('poison') ? running.fail() : running.answer());
    await advance(60_000);
  }

  expect(texts()).toEqual([
    ['a', 'b', 'poison', 'd'],
    ['a', 'b'],
    ['poison', 'd'],
    ['poison'],
    ['poison'],
    ['d'],
  ]);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    where: expect.stringMatching(
      new RegExp(
        `^failures/aws/lambda/${UUID}/shardId-000000000000/2026/01/01/2026-01-01T00\\.\\d\\d\\.\\d\\d-`,
      ),
    ),
    what: {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1, streamArn: stream.arn },
      payload: expect.stringContaining('"Records":['),
    },
  });
});

test('a queue and a topic are told where the records were, not the records', async () => {
  for (const service of ['sqs', 'sns']) {
    const { map, put, last, told } = await streamWith();
    const Destination = `arn:aws:${service}:us-east-1:000000000000:failures`;
    await map({ ...partial, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
    await put('a');

    await last().failAt('a');

    expect(told).toMatchObject([{ where: Destination, what: { responseContext: { functionError: null } } }]);
    expect(told[0]?.what).not.toHaveProperty('payload');
  }
});

test.each(['failures', 'arn:aws:lambda:us-east-1:000000000000:function:f', 'arn:aws:sqs:us-east-1:0:f.fifo'])(
  'a destination that cannot be told is refused: %s',
  async (Destination) => {
    const { map } = await streamWith();

    await expect(map({ DestinationConfig: { OnFailure: { Destination } } })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  },
);

test('what is older than the record age is given up without an invocation', async () => {
  const { map, put, advance, texts, last, told } = await streamWith();
  const Destination = 'arn:aws:sqs:us-east-1:000000000000:failures';
  await map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination } } });
  await put('old');

  await last().fail();
  await advance(61_000);
  await last().fail();
  await advance(61_000);
  await put('new');

  expect(told).toMatchObject([{ what: { requestContext: { condition: 'RecordAgeExceeded' } } }]);
  expect(texts().at(-1)).toEqual(['new']);
});

test('a record that is too large for an invocation goes alone, and holds up nothing once it is given up', async () => {
  const { map, put, advance, texts, last } = await streamWith();
  const large = 'x'.repeat(6 * 1024 * 1024);
  await put('a', large);
  await map({ MaximumRetryAttempts: 0 });

  await last().answer();
  expect(texts()).toEqual([['a'], [large]]);
  await last().fail();
  await advance(7000);
  await put('b');

  expect(texts().at(-1)).toEqual(['b']);
});

test('throttling uses up no retries', async () => {
  const { map, put, advance, texts, throttle } = await streamWith();
  await map({ MaximumRetryAttempts: 0 });
  throttle.on = true;
  await put('a');
  await advance(10_000);

  throttle.on = false;
  await advance(60_000);

  expect(texts()).toEqual([['a']]);
});

test('children are read only after their parent is done', async () => {
  const { map, put, last, texts, stream } = await streamWith();
  await map();
  await put('before');
  stream.split('shardId-000000000000', 2n ** 127n);

  await put('after');
  expect(texts()).toEqual([['before']]);
  await last().answer();

  expect(texts()).toEqual([['before'], ['after']]);
});

test('a cloud that starts again goes on after the checkpoint', async () => {
  const { base, map, put, last, mappings } = await streamWith();
  await map({ BatchSize: 1 });
  await put('a', 'b');
  await last().answer();
  const closing = mappings.close();
  await last().answer();
  await closing;
  await put('c');

  const again = await streamWith(1, base);
  await again.map({ BatchSize: 1 });

  expect(again.texts()).toEqual([['c']]);
});

test('what does not match the filter is passed over', async () => {
  const { map, put, texts } = await streamWith();
  await map({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { type: ['order'] } }) }] } });

  await put('{"type":"visit"}', '{"type":"order"}', 'text');

  expect(texts()).toEqual([['{"type":"order"}']]);
});

test('however many batches of a shard run at once, each partition key keeps its order and loses nothing', async () => {
  const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  await fc.assert(
    fc.asyncProperty(
      fc.array(keys, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 4 }),
      async (sequence, ParallelizationFactor) => {
        const { base, map, put, invoked, mappings } = await streamWith();
        await map({ ParallelizationFactor, BatchSize: 3 });
        await put(...sequence.map((key, index) => [`${key}${index}`, key] as const));

        for (let index = 0; index < invoked.length; index += 1) await invoked[index]?.answer();

        const handled = invoked.flatMap(({ texts }) => texts);
        expect([...handled].sort()).toEqual(sequence.map((key, index) => `${key}${index}`).sort());
        for (const key of new Set(sequence)) {
          const numbers = handled.filter((text) => text.startsWith(key)).map((text) => Number(text.slice(1)));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
        await mappings.close();
        base.store.close();
      },
    ),
    { numRuns: 25 },
  );
});
