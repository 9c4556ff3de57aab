import type { ProducerRecord } from 'kafkajs';
import { kafkaProducer } from '../../../lab/brokers/kafka-producer.ts';
import { json } from '../../../lab/formats/json.ts';
import type { LabMessage } from '../../../lab/message.ts';

const message = (seq: number, padding = ''): LabMessage => ({
  run: 'r',
  producer: 'p',
  key: 'k',
  seq,
  intendedAt: 0,
  sentAt: 0,
  padding,
});

interface Request {
  /** The sequence numbers of its messages. */
  readonly seqs: readonly number[];
  /** Which client it came from, counted from 1. */
  readonly client: number;
  readonly end: (error?: Error) => void;
}

const seqsOf = ({ messages }: ProducerRecord): number[] =>
  messages.map(({ value }) => json.decode(Buffer.from(value ?? '')).seq);

/** A producer whose requests end when the test says so. */
const producerInTest = async () => {
  const requests: Request[] = [];
  const disconnected: number[] = [];
  const broker = { isAway: false };
  let made = 0;
  const producer = await kafkaProducer(
    {
      producer: () => {
        made += 1;
        const client = made;
        return {
          connect: async () => {
            if (broker.isAway) throw new Error('ECONNREFUSED');
          },
          disconnect: async () => {
            disconnected.push(client);
          },
          send: (record) =>
            new Promise<void>((resolve, reject) => {
              requests.push({
                seqs: seqsOf(record),
                client,
                end: (error) => (error ? reject(error) : resolve()),
              });
            }),
        };
      },
    },
    't',
    json,
  );
  /** Lets everything go on that can. */
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { producer, requests, disconnected, broker, turn };
};

test('one request is under way at a time; what comes meanwhile goes together, in order', async () => {
  const { producer, requests, turn } = await producerInTest();

  const answers = [0, 1, 2].map((seq) => producer.send(message(seq)));
  await turn();
  const atFirst = requests.map(({ seqs }) => seqs);
  requests[0]?.end();
  await turn();
  requests[1]?.end();

  expect(atFirst).toEqual([[0]]);
  expect(requests.map(({ seqs }) => seqs)).toEqual([[0], [1, 2]]);
  expect(await Promise.all(answers)).toEqual(Array(3).fill({ outcome: 'acknowledged' }));
});

test('no request is larger than a broker takes', async () => {
  const { producer, requests, turn } = await producerInTest();

  for (const seq of [0, 1, 2, 3, 4]) void producer.send(message(seq, 'x'.repeat(180_000)));
  for (let index = 0; index < 3; index += 1) {
    await turn();
    requests[index]?.end();
  }

  expect(requests.map(({ seqs }) => seqs)).toEqual([[0], [1, 2], [3, 4]]);
});

test('nobody knows the fate of a request that broke; what follows goes by a client with numbers of its own', async () => {
  const { producer, requests, turn } = await producerInTest();

  const broken = producer.send(message(0));
  await turn();
  requests[0]?.end(new Error('Closed connection'));
  const next = producer.send(message(1));
  await turn();
  requests[1]?.end();

  expect(await broken).toEqual({ outcome: 'unknown', reason: 'Error' });
  expect(await next).toEqual({ outcome: 'acknowledged' });
  expect(requests.map(({ client }) => client)).toEqual([1, 2]);
});

test('closing ends what was connected, and is no error where nothing is', async () => {
  const { producer, requests, disconnected, broker, turn } = await producerInTest();

  const broken = producer.send(message(0));
  await turn();
  broker.isAway = true;
  requests[0]?.end(new Error('Closed connection'));
  await broken;
  await producer.close();

  expect(disconnected).toEqual([1, 2]);
});

test('what breaks while it is closed connects to nobody any more', async () => {
  const { producer, requests, disconnected, turn } = await producerInTest();

  const broken = producer.send(message(0));
  await turn();
  await producer.close();
  requests[0]?.end(new Error('The producer is disconnected'));

  expect(await broken).toEqual({ outcome: 'unknown', reason: 'Error' });
  expect(new Set(disconnected)).toEqual(new Set([1]));
});
