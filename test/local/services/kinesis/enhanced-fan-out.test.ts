import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { startKinesis } from './kinesis-server.ts';

const StreamName = 'activity';
const FIRST = 'shardId-000000000000';
let under: Awaited<ReturnType<typeof startKinesis>>;
let ConsumerARN: string;

beforeEach(async () => {
  under = await startKinesis();
  await under.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const { StreamDescriptionSummary } = await under.client.send(
    new DescribeStreamSummaryCommand({ StreamName }),
  );
  const StreamARN = StreamDescriptionSummary?.StreamARN;
  const { Consumer } = await under.client.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'counter' }),
  );
  ConsumerARN = Consumer?.ConsumerARN ?? '';
});

afterEach(() => under.close());

const put = (text: string) =>
  under.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'one', Data: Buffer.from(text) }));

/** The events of a subscription, one at a time, as the SDK's own default handler reads them. */
const subscribe = async (StartingPosition: StartingPosition = { Type: 'TRIM_HORIZON' }) => {
  const { EventStream } = await under.client.send(
    new SubscribeToShardCommand({ ConsumerARN, ShardId: FIRST, StartingPosition }),
  );
  if (!EventStream) throw new Error('no stream of events');
  return EventStream[Symbol.asyncIterator]();
};

type Events = Awaited<ReturnType<typeof subscribe>>;

const next = async (events: Events): Promise<SubscribeToShardEvent> => {
  const { value } = await events.next();
  if (!value?.SubscribeToShardEvent) throw new Error(`no event, but ${JSON.stringify(value)}`);
  return value.SubscribeToShardEvent;
};

const texts = ({ Records = [] }: SubscribeToShardEvent) =>
  Records.map(({ Data }) => Buffer.from(Data ?? []).toString());

test('a consumer is pushed what is there, and then each record as it is put', async () => {
  await put('first');
  const events = await subscribe();

  const present = await next(events);
  under.clock.advance(1000);
  await next(events);
  await put('second');
  const pushed = await next(events);

  expect(texts(present)).toEqual(['first']);
  expect(texts(pushed)).toEqual(['second']);
});

test('a subscription goes on after the continuation of another', async () => {
  await put('first');
  const { ContinuationSequenceNumber } = await next(await subscribe());
  await put('second');
  under.clock.advance(5_000);

  const events = await subscribe({
    Type: 'AFTER_SEQUENCE_NUMBER',
    SequenceNumber: ContinuationSequenceNumber,
  });

  expect(texts(await next(events))).toEqual(['second']);
});

test('a consumer that has nothing to read hears where it stands every five seconds', async () => {
  const events = await subscribe();
  await next(events);

  under.clock.advance(5_000);
  const heartbeat = await next(events);

  expect(heartbeat).toMatchObject({ Records: [], MillisBehindLatest: 0 });
});

test('a subscription ends after five minutes', async () => {
  const events = await subscribe();
  await next(events);

  under.clock.advance(5 * 60_000);
  let last = await events.next();
  while (!last.done) last = await events.next();

  expect(last.done).toBe(true);
});

test('at the end of a shard the consumer is told its children, and the subscription is over', async () => {
  const events = await subscribe();
  await next(events);

  await under.client.send(
    new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: String(2n ** 127n) }),
  );
  const end = await next(events);
  const { done } = await events.next();

  expect(end.ChildShards?.map(({ ShardId }) => ShardId)).toEqual([
    'shardId-000000000001',
    'shardId-000000000002',
  ]);
  expect(done).toBe(true);
});

test.each([
  ['its consumer', () => under.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }))],
  [
    'its stream',
    () => under.client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })),
  ],
])('a subscription ends with %s', async (_, takeAway) => {
  const events = await subscribe();
  await next(events);

  await takeAway();

  await expect(
    (async () => {
      for (;;) if ((await events.next()).done) return 'ended';
    })(),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a second subscription within five seconds is refused, a later one takes over', async () => {
  const first = await subscribe();
  await next(first);

  await expect(subscribe()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  under.clock.advance(4_999);
  await expect(subscribe()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  under.clock.advance(1);
  const second = await subscribe();

  await expect(next(second)).resolves.toMatchObject({ Records: [] });
  await expect(
    (async () => {
      for (;;) if ((await first.next()).done) return 'ended';
    })(),
  ).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('an unknown consumer and an unknown shard are refused before anything is sent', async () => {
  const position: StartingPosition = { Type: 'LATEST' };
  const ask = (ShardId: string, consumer: string) =>
    under.client.send(
      new SubscribeToShardCommand({ ConsumerARN: consumer, ShardId, StartingPosition: position }),
    );

  await expect(ask('shardId-000000000009', ConsumerARN)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(ask(FIRST, ConsumerARN.replace('counter', 'nobody'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
