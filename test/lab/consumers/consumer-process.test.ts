import type { Broker, ConsumerOptions, Lane, RunningConsumer } from '../../../lab/broker.ts';
import { kinesis } from '../../../lab/brokers/kinesis.ts';
import { sqs, sqsFifo } from '../../../lab/brokers/sqs.ts';
import { startConsumer } from '../../../lab/consumers/consumer-process.ts';
import { json } from '../../../lab/formats/json.ts';
import type { LabMessage } from '../../../lab/message.ts';
import { startLabCloud } from '../support/lab-cloud.ts';

let cloud: Awaited<ReturnType<typeof startLabCloud>>;
beforeEach(async () => {
  cloud = await startLabCloud();
});
afterEach(() => cloud.close());

const message: LabMessage = {
  ...{ run: 'r', producer: 'p', key: 'k', seq: 0, padding: '' },
  intendedAt: 1,
  sentAt: 1,
};
const alone: ConsumerOptions = { consumer: 'c0', group: 'a', workMs: 0, share: { index: 0, of: 1 } };

const laneOf = (broker: Broker): Promise<Lane> => broker.open({ run: 'r', groups: ['a'], format: json });
const sendTo = async (lane: Lane): Promise<void> => {
  const producer = await lane.producer('p');
  await producer.send(message);
};
const firstSeen = (start: (seen: () => void) => Promise<RunningConsumer>): Promise<RunningConsumer> =>
  new Promise((resolve, reject) => {
    const starting = start(() => starting.then(resolve));
    starting.catch(reject);
  });

test('a consumer that does not let go of what it holds is killed when its time is over, and says so', async () => {
  const lane = await laneOf(sqs(cloud.target));
  await sendTo(lane);
  const { endpoint = '', resources } = cloud.target;
  const consumer = await firstSeen((seen) =>
    startConsumer(
      { kind: 'queue', endpoint, queueUrl: resources.queueUrl, visibilitySeconds: 2 },
      { ...alone, holdFrom: 1, run: 'r', format: 'json', stopMs: 100 },
      { onReceived: seen },
    ),
  );

  const complaint = await consumer.stop();

  expect(complaint).toBe('consumer c0 did not end within 100 ms and was killed: what it held may come again');
  await lane.close();
}, 60_000);

test.each([
  ['a queue', sqs],
  ['a stream', kinesis],
])(
  'a consumer of %s that waits reads when it is told to begin, and ends when it is told to',
  async (_, brokerOf) => {
    const lane = await laneOf(brokerOf(cloud.target));
    await sendTo(lane);
    const seen: string[] = [];
    const received = Promise.withResolvers<void>();
    const consumer = await lane.consumer({ ...alone, waits: true }, ({ key }) => {
      seen.push(key);
      received.resolve();
    });
    expect(seen).toEqual([]);

    consumer.begin();
    await received.promise;

    expect(seen).toEqual(['k']);
    expect(await consumer.stop()).toBeUndefined();
    expect(consumer.failure()).toBeUndefined();
    await lane.close();
  },
  60_000,
);

test('what takes longer than its visibility timeout comes again, and is no failure of its consumer', async () => {
  const lane = await laneOf(sqsFifo(cloud.target));
  await sendTo(lane);
  const { endpoint = '', resources } = cloud.target;
  const again = Promise.withResolvers<string>();

  const consumer = await startConsumer(
    { kind: 'queue', endpoint, queueUrl: resources.orderedQueueUrl, visibilitySeconds: 1 },
    { ...alone, workMs: 1_200, run: 'r', format: 'json' },
    { onReceived: ({ redelivered }) => redelivered && again.resolve('again') },
  );
  const failing = setInterval(() => {
    const failure = consumer.failure();
    if (failure !== undefined) again.resolve(failure);
  }, 100);
  const came = await again.promise;
  clearInterval(failing);
  await consumer.kill();

  expect(came).toBe('again');
  expect(consumer.failure()).toBeUndefined();
  await lane.close();
}, 60_000);

test('a consumer that cannot read says why, and is not ready', async () => {
  const starting = startConsumer(
    {
      kind: 'stream',
      endpoint: cloud.target.endpoint ?? '',
      streamName: 'none',
      shards: [{ shardId: 'shardId-000000000000', after: '0' }],
    },
    { ...alone, run: 'r', format: 'json' },
    { onReceived: () => undefined },
  );

  await expect(starting).rejects.toThrow(/^consumer c0 is not ready: consumer c0: ResourceNotFoundException/);
}, 60_000);
